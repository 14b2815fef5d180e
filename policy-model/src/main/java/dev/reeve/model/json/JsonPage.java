package dev.reeve.model.json;

import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonObject;

/// The same text as [JsonText#write], broken into lines for people: what fits on a line stays on
/// it.
public final class JsonPage {

  private static final int WIDTH = 100;

  private final StringBuilder text = new StringBuilder();

  private JsonPage() {}

  /// Ends with a line end.
  public static String of(JsonValue value) {
    var page = new JsonPage();
    page.write(value, 0, 0);
    return page.text.append('\n').toString();
  }

  /// @param used how much of the line is taken
  private void write(JsonValue value, int indent, int used) {
    String line = JsonText.write(value);
    boolean fits = used + line.length() <= WIDTH;
    switch (value) {
      case JsonObject(var members) when !fits && !members.isEmpty() -> {
        text.append('{');
        String separator = "";
        for (var member : members.entrySet()) {
          text.append(separator).append('\n').append(" ".repeat(indent + 2));
          String name = JsonText.write(JsonValue.of(member.getKey())) + ": ";
          text.append(name);
          write(member.getValue(), indent + 2, indent + 2 + name.length());
          separator = ",";
        }
        text.append('\n').append(" ".repeat(indent)).append('}');
      }
      case JsonArray(var items) when !fits && !items.isEmpty() -> {
        text.append('[');
        String separator = "";
        for (JsonValue item : items) {
          text.append(separator).append('\n').append(" ".repeat(indent + 2));
          write(item, indent + 2, indent + 2);
          separator = ",";
        }
        text.append('\n').append(" ".repeat(indent)).append(']');
      }
      default -> text.append(line);
    }
  }
}
