package dev.reeve.model.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON document as a value. Members keep their order; numbers are whole (no document of ours has
/// a fraction).
public sealed interface JsonValue {

  /// @param members in document order, no name twice
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public JsonObject {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public String toString() {
      return JsonText.write(this);
    }
  }

  record JsonArray(List<JsonValue> items) implements JsonValue {
    public JsonArray {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return JsonText.write(this);
    }
  }

  record JsonString(String value) implements JsonValue {}

  record JsonNumber(long value) implements JsonValue {}

  enum JsonBoolean implements JsonValue {
    TRUE,
    FALSE
  }

  enum JsonNull implements JsonValue {
    NULL
  }

  static JsonValue of(String value) {
    return new JsonString(value);
  }

  static JsonValue of(long value) {
    return new JsonNumber(value);
  }

  static JsonValue of(boolean value) {
    return value ? JsonBoolean.TRUE : JsonBoolean.FALSE;
  }

  /// What an error message calls it: `a string`, `an object`, …
  default String kind() {
    return switch (this) {
      case JsonObject _ -> "an object";
      case JsonArray _ -> "an array";
      case JsonString _ -> "a string";
      case JsonNumber _ -> "a number";
      case JsonBoolean _ -> "a boolean";
      case JsonNull _ -> "null";
    };
  }
}
