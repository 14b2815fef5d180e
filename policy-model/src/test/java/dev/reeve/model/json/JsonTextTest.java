package dev.reeve.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "[1,",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "[1,]",
        "[1 2]",
        "{} {}",
        "{}x",
        "null null",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[{\"b\":{\"c\":1,\"c\":1}}]",
        "1.0",
        "1e3",
        "0.5",
        "-",
        "01",
        "+1",
        "0x10",
        "NaN",
        "Infinity",
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "'a'",
        "{a:1}",
        "// c\n1",
        "/* c */ 1",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"open",
        "tru",
        "True",
        "\uFEFF{}",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "{\"\\udfff\":1}",
        "\"a\\ud83d\""
      })
  void what_is_not_one_strict_document_is_a_json_exception(String text) {
    assertThatThrownBy(() -> JsonText.parse(text))
        .isExactlyInstanceOf(JsonException.class)
        .hasMessageStartingWith("$");
    assertThatThrownBy(() -> JsonText.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isExactlyInstanceOf(JsonException.class);
  }

  @Test
  void numbers_of_any_length_are_a_json_exception_when_they_do_not_fit() {
    assertThatThrownBy(() -> JsonText.parse("9".repeat(100_000)))
        .isExactlyInstanceOf(JsonException.class);
    assertThatThrownBy(() -> JsonText.parse("1." + "9".repeat(100_000)))
        .isExactlyInstanceOf(JsonException.class);
    assertThat(JsonText.parse("9223372036854775807")).isEqualTo(new JsonNumber(Long.MAX_VALUE));
    assertThat(JsonText.parse("-9223372036854775808")).isEqualTo(new JsonNumber(Long.MIN_VALUE));
  }

  @Test
  void depth_64_is_read_and_depth_65_is_refused() {
    assertThat(JsonText.parse("[".repeat(64) + "]".repeat(64))).isInstanceOf(JsonArray.class);
    assertThatThrownBy(() -> JsonText.parse("[".repeat(65) + "]".repeat(65)))
        .isExactlyInstanceOf(JsonException.class);
    assertThatThrownBy(() -> JsonText.parse("{\"a\":".repeat(100_000)))
        .isExactlyInstanceOf(JsonException.class);
  }

  @Test
  void bytes_that_are_no_utf8_are_refused() {
    byte[][] wrong = {
      {'"', (byte) 0xff, '"'},
      {'"', (byte) 0xc0, (byte) 0x80, '"'}, // overlong
      {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, // half a surrogate pair
      {'"', (byte) 0xf0, (byte) 0x9f, '"'},
      {0, '{', 0, '}'} // UTF-16
    };
    for (byte[] bytes : wrong) {
      assertThatThrownBy(() -> JsonText.parse(bytes)).isExactlyInstanceOf(JsonException.class);
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void written_text_reads_back_and_is_canonical(int seed) {
    JsonValue value = random(new Random(seed), 0);
    String text = JsonText.write(value);

    assertThat(JsonText.parse(text)).isEqualTo(value);
    assertThat(JsonText.parse(JsonText.writeBytes(value))).isEqualTo(value);
    assertThat(JsonText.write(JsonText.parse(text))).isEqualTo(text);
    assertThat(text).doesNotContain("\n");
  }

  private static JsonValue random(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 -> new JsonString(text(random));
      case 1 -> new JsonNumber(random.nextBoolean() ? random.nextLong() : random.nextInt(10));
      case 2 -> random.nextBoolean() ? JsonBoolean.TRUE : JsonBoolean.FALSE;
      case 3 -> JsonNull.NULL;
      case 4 -> {
        var items = new ArrayList<JsonValue>();
        for (int i = random.nextInt(5); i > 0; i--) items.add(random(random, depth + 1));
        yield new JsonArray(items);
      }
      default -> {
        var members = new LinkedHashMap<String, JsonValue>();
        for (int i = random.nextInt(5); i > 0; i--) {
          members.put(text(random), random(random, depth + 1));
        }
        yield new JsonObject(members);
      }
    };
  }

  private static String text(Random random) {
    var out = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int c =
          switch (random.nextInt(4)) {
            case 0 -> "\"\\/\b\f\n\r\t\0\u007f\u2028".codePointAt(random.nextInt(11));
            case 1 -> 'a' + random.nextInt(26);
            case 2 -> 0xa0 + random.nextInt(0x2000);
            default -> 0x1f300 + random.nextInt(0x100);
          };
      out.appendCodePoint(c);
    }
    return out.toString();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damaged_documents_are_read_or_refused_and_nothing_else(int seed) {
    var random = new Random(seed);
    var text =
        new StringBuilder("{\"v\":1,\"name\":\"x\\u00e4\",\"list\":[1,2,{\"a\":null}],\"b\":true}");
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.setCharAt(at, (char) random.nextInt(128));
        default -> text.insert(at, "{}[]\",:\\u0".charAt(random.nextInt(10)));
      }
    }
    try {
      JsonValue value = JsonText.parse(text.toString());
      assertThat(JsonText.parse(JsonText.write(value))).isEqualTo(value);
    } catch (JsonException refused) {
      assertThat(refused).hasMessageStartingWith("$");
    }
  }

  @Test
  void member_order_is_kept_and_does_not_matter_to_equality() {
    String text = "{\"b\":1,\"a\":2}";
    assertThat(JsonText.write(JsonText.parse(text))).isEqualTo(text);
    assertThat(JsonText.parse(text)).isEqualTo(JsonText.parse("{ \"a\": 2, \"b\": 1 }"));
    assertThat(new JsonObject(new LinkedHashMap<>()).toString()).isEqualTo("{}");
    assertThat(new JsonArray(List.of()).toString()).isEqualTo("[]");
  }
}
