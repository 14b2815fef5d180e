package dev.reeve.model.json;

import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A cursor over the members of one object that knows its path and remembers what has been asked
/// for.
///
/// Call [#end] last: a member nobody asked for is an error, so that a newer document is refused and
/// never half-understood. Every failure is a [JsonException] that names the path.
public final class JsonMembers {

  private final String path;
  private final Map<String, JsonValue> left;

  private JsonMembers(String path, Map<String, JsonValue> members) {
    this.path = path;
    this.left = new HashMap<>(members);
  }

  public static JsonMembers of(String path, JsonValue value) {
    if (value instanceof JsonObject(var members)) return new JsonMembers(path, members);
    throw new JsonException(path, "found " + value.kind() + ", expected an object");
  }

  public String path() {
    return path;
  }

  public JsonException error(String name, String detail) {
    return new JsonException(path + "." + name, detail);
  }

  /// Absent and `null` are the same.
  public Optional<JsonValue> find(String name) {
    JsonValue value = left.remove(name);
    return value == null || value == JsonNull.NULL ? Optional.empty() : Optional.of(value);
  }

  public JsonValue get(String name) {
    return find(name)
        .orElseThrow(() -> new JsonException(path, "member '" + name + "' is missing"));
  }

  public Optional<String> findString(String name) {
    return find(name).map(value -> string(path + "." + name, value));
  }

  public String string(String name) {
    return string(path + "." + name, get(name));
  }

  private static String string(String path, JsonValue value) {
    if (value instanceof JsonString(var text)) return text;
    throw new JsonException(path, "found " + value.kind() + ", expected a string");
  }

  public Optional<Long> findNumber(String name) {
    return find(name).map(value -> number(path + "." + name, value));
  }

  public long number(String name) {
    return number(path + "." + name, get(name));
  }

  /// A number within bounds, both included.
  public long number(String name, long least, long most) {
    long number = number(name);
    if (number < least || number > most) {
      throw error(name, "found " + number + ", expected " + least + ".." + most);
    }
    return number;
  }

  private static long number(String path, JsonValue value) {
    if (value instanceof JsonNumber(var number)) return number;
    throw new JsonException(path, "found " + value.kind() + ", expected a number");
  }

  public boolean bool(String name) {
    return findBool(name)
        .orElseThrow(() -> new JsonException(path, "member '" + name + "' is missing"));
  }

  public Optional<Boolean> findBool(String name) {
    return find(name)
        .map(value -> {
          if (value instanceof JsonBoolean bool) return bool == JsonBoolean.TRUE;
          throw error(name, "found " + value.kind() + ", expected true or false");
        });
  }

  public JsonMembers object(String name) {
    return of(path + "." + name, get(name));
  }

  public Optional<JsonMembers> findObject(String name) {
    return find(name).map(value -> of(path + "." + name, value));
  }

  /// The items of an array, each read by `read`; an absent array is an empty one.
  public <T> List<T> objects(String name, Function<JsonMembers, T> read) {
    return objects(name, items(name, find(name).orElse(new JsonArray(List.of()))), read);
  }

  /// The same for an array that must be there.
  public <T> List<T> requiredObjects(String name, Function<JsonMembers, T> read) {
    return objects(name, items(name, get(name)), read);
  }

  private <T> List<T> objects(String name, List<JsonValue> items, Function<JsonMembers, T> read) {
    var result = new ArrayList<T>();
    for (int i = 0; i < items.size(); i++) {
      JsonMembers item = of(path + "." + name + "[" + i + "]", items.get(i));
      result.add(read.apply(item));
      item.end();
    }
    return List.copyOf(result);
  }

  public List<String> strings(String name) {
    var result = new ArrayList<String>();
    List<JsonValue> items = items(name, find(name).orElse(new JsonArray(List.of())));
    for (int i = 0; i < items.size(); i++) {
      result.add(string(path + "." + name + "[" + i + "]", items.get(i)));
    }
    return List.copyOf(result);
  }

  private List<JsonValue> items(String name, JsonValue value) {
    if (value instanceof JsonArray(var items)) return items;
    throw error(name, "found " + value.kind() + ", expected an array");
  }

  /// A string member read by `parse`; what it refuses becomes a [JsonException] that names the
  /// path.
  public <T> T parsed(String name, Function<String, T> parse) {
    return parsed(name, string(name), parse);
  }

  private <T> T parsed(String name, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw error(name, String.valueOf(e.getMessage()));
    }
  }

  public <T> Optional<T> findParsed(String name, Function<String, T> parse) {
    return findString(name).map(text -> parsed(name, text, parse));
  }

  /// The members not asked for so far, taken.
  public Map<String, JsonValue> rest() {
    var rest = Map.copyOf(left);
    left.clear();
    return rest;
  }

  /// @throws JsonException when a member is left that nobody asked for
  public void end() {
    if (!left.isEmpty()) {
      throw new JsonException(
          path,
          "unknown member '" + left.keySet().stream().sorted().findFirst().orElseThrow() + "'");
    }
  }
}
