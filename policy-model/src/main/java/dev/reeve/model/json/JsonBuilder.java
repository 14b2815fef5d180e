package dev.reeve.model.json;

import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Builds an object member by member, in the order of the calls.
public final class JsonBuilder {

  private final Map<String, JsonValue> members = new LinkedHashMap<>();

  public static JsonBuilder object() {
    return new JsonBuilder();
  }

  public JsonBuilder put(String name, JsonValue value) {
    members.put(name, value);
    return this;
  }

  public JsonBuilder put(String name, String value) {
    return put(name, JsonValue.of(value));
  }

  public JsonBuilder put(String name, long value) {
    return put(name, JsonValue.of(value));
  }

  public JsonBuilder put(String name, boolean value) {
    return put(name, JsonValue.of(value));
  }

  /// Leaves the member out when `value` is empty.
  public JsonBuilder putIfPresent(String name, Optional<?> value) {
    value.ifPresent(v -> put(name, String.valueOf(v)));
    return this;
  }

  /// Writes `null` when `value` is empty.
  public JsonBuilder putOrNull(String name, Optional<String> value) {
    return put(name, value.map(JsonValue::of).orElse(JsonNull.NULL));
  }

  public <T> JsonBuilder putAll(
      String name, Collection<T> items, Function<? super T, JsonValue> write) {
    return put(name, array(items, write));
  }

  public JsonBuilder putStrings(String name, Collection<String> items) {
    return putAll(name, items, JsonValue::of);
  }

  public static <T> JsonArray array(Collection<T> items, Function<? super T, JsonValue> write) {
    return new JsonArray(items.stream().<JsonValue>map(write).toList());
  }

  public JsonObject build() {
    return new JsonObject(members);
  }
}
