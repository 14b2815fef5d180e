package dev.reeve.model.json;

import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes [JsonValue]s (RFC 8259), strictly: no name twice, no fraction, no trailing
/// text, no half surrogate pair, depth 64 at most.
///
/// [#write] is canonical: the same value always gives the same bytes, so a digest over them names
/// the content.
public final class JsonText {

  private static final int MAX_DEPTH = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(8 << 20)
                  .build())
          .build();

  private JsonText() {}

  /// @throws JsonException saying where and what
  public static JsonValue parse(byte[] utf8) {
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new JsonException("$", "not UTF-8 text");
    }
  }

  /// @throws JsonException saying where and what
  public static JsonValue parse(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) throw new JsonException("$", "empty document");
      JsonValue value = read(parser);
      if (parser.nextToken() != null) throw new JsonException("$", "text after the document's end");
      return value;
    } catch (JacksonException e) {
      throw new JsonException("$", e.getOriginalMessage());
    }
  }

  /// The document as an object.
  ///
  /// @throws JsonException when it is something else
  public static JsonMembers parseObject(byte[] utf8) {
    return JsonMembers.of("$", parse(utf8));
  }

  private static JsonValue read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        var members = new LinkedHashMap<String, JsonValue>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = whole(parser.currentName());
          parser.nextToken();
          members.put(name, read(parser));
        }
        yield new JsonObject(members);
      }
      case START_ARRAY -> {
        var items = new ArrayList<JsonValue>();
        while (parser.nextToken() != JsonToken.END_ARRAY) items.add(read(parser));
        yield new JsonArray(items);
      }
      case VALUE_STRING -> new JsonString(whole(parser.getString()));
      case VALUE_NUMBER_INT -> new JsonNumber(parser.getLongValue());
      case VALUE_TRUE -> JsonBoolean.TRUE;
      case VALUE_FALSE -> JsonBoolean.FALSE;
      case VALUE_NULL -> JsonNull.NULL;
      default ->
          throw new JsonException("$", "found " + token + ", expected a value; numbers are whole");
    };
  }

  /// Half a surrogate pair has no bytes of its own, so two texts that differ in it would share one
  /// digest.
  private static String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) continue;
      if (i + 1 == text.length()
          || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
        throw new JsonException("$", "half a surrogate pair in a string");
      }
      i++;
    }
    return text;
  }

  /// One line, no spaces, members in their order.
  public static String write(JsonValue value) {
    var text = new StringWriter();
    try (var out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(value, out);
    }
    return text.toString();
  }

  public static byte[] writeBytes(JsonValue value) {
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  private static void write(JsonValue value, tools.jackson.core.JsonGenerator out) {
    switch (value) {
      case JsonObject(var members) -> {
        out.writeStartObject();
        members.forEach((name, member) -> {
          out.writeName(name);
          write(member, out);
        });
        out.writeEndObject();
      }
      case JsonArray(var items) -> {
        out.writeStartArray();
        items.forEach(item -> write(item, out));
        out.writeEndArray();
      }
      case JsonString(var string) -> out.writeString(string);
      case JsonNumber(var number) -> out.writeNumber(number);
      case JsonBoolean bool -> out.writeBoolean(bool == JsonBoolean.TRUE);
      case JsonNull _ -> out.writeNull();
    }
  }
}
