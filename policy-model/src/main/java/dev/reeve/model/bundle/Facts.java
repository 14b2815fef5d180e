package dev.reeve.model.bundle;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonString;
import java.util.Map;
import java.util.TreeMap;

/// What a host says of itself: `PUT /agent/v1/facts`. Self-asserted: it selects policy, it is no
/// security boundary.
///
/// Plain names: `hostname`, `os`, `os.version`, `kernel`, `arch`, `address` (the one of its route
/// to the server).
public final class Facts {

  private static final int MAX_FACTS = 100;
  private static final int MAX_LENGTH = 1000;

  private Facts() {}

  /// Sorted by name, so that equal facts have equal bytes and so one digest.
  public static byte[] toBytes(Map<String, String> facts) {
    var json = JsonBuilder.object();
    new TreeMap<>(facts).forEach(json::put);
    return JsonText.writeBytes(json.build());
  }

  public static Map<String, String> parse(byte[] utf8) {
    return read(JsonText.parseObject(utf8));
  }

  /// @throws JsonException when there are too many, or one is no short string
  static Map<String, String> read(JsonMembers in) {
    var facts = new TreeMap<String, String>();
    in.rest()
        .forEach((name, value) -> {
          if (!(value instanceof JsonString(var text))
              || text.length() > MAX_LENGTH
              || name.length() > 100) {
            throw in.error(name, "expected a string of at most " + MAX_LENGTH + " characters");
          }
          facts.put(name, text);
        });
    if (facts.size() > MAX_FACTS) {
      throw new JsonException(
          in.path(), "found " + facts.size() + " facts, expected at most " + MAX_FACTS);
    }
    return facts;
  }
}
