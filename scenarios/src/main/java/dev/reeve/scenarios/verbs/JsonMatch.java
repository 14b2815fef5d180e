package dev.reeve.scenarios.verbs;

import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.util.List;
import java.util.Optional;

/// Whether a document has all that another one asks for: an object may have more members, a list
/// has the same items in the same order, `"*"` is anything.
final class JsonMatch {

  private static final JsonString ANYTHING = new JsonString("*");

  private JsonMatch() {}

  /// The first difference, with its path; empty = it matches.
  static Optional<String> difference(JsonValue wanted, JsonValue found) {
    return difference("$", wanted, found);
  }

  private static Optional<String> difference(String path, JsonValue wanted, JsonValue found) {
    if (wanted.equals(ANYTHING)) return Optional.empty();
    if (wanted instanceof JsonObject(var members)) {
      if (!(found instanceof JsonObject(var others)))
        return Optional.of(differs(path, wanted, found));
      for (var member : members.entrySet()) {
        String at = path + "." + member.getKey();
        JsonValue other = others.get(member.getKey());
        if (other == null) return Optional.of(at + " is missing");
        Optional<String> difference = difference(at, member.getValue(), other);
        if (difference.isPresent()) return difference;
      }
      return Optional.empty();
    }
    if (wanted instanceof JsonArray(var items)) {
      if (!(found instanceof JsonArray(var others)))
        return Optional.of(differs(path, wanted, found));
      return difference(path, items, others);
    }
    return wanted.equals(found) ? Optional.empty() : Optional.of(differs(path, wanted, found));
  }

  private static Optional<String> difference(
      String path, List<JsonValue> wanted, List<JsonValue> found) {
    if (wanted.size() != found.size()) {
      return Optional.of(path + " has " + found.size() + " items, expected " + wanted.size());
    }
    for (int i = 0; i < wanted.size(); i++) {
      Optional<String> difference = difference(path + "[" + i + "]", wanted.get(i), found.get(i));
      if (difference.isPresent()) return difference;
    }
    return Optional.empty();
  }

  private static String differs(String path, JsonValue wanted, JsonValue found) {
    return path + " is " + JsonText.write(found) + ", expected " + JsonText.write(wanted);
  }
}
