package dev.reeve.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonMembersTest {

  private static JsonMembers members(String text) {
    return JsonMembers.of("$", JsonText.parse(text));
  }

  static List<Arguments> wrong() {
    return List.of(
        row("{}", in -> in.string("a"), "$: member 'a' is missing"),
        row("{\"a\":null}", in -> in.string("a"), "$: member 'a' is missing"),
        row("{\"a\":1}", in -> in.string("a"), "$.a: found a number, expected a string"),
        row("{\"a\":\"1\"}", in -> in.number("a"), "$.a: found a string, expected a number"),
        row("{\"a\":5}", in -> in.number("a", 0, 4), "$.a: found 5, expected 0..4"),
        row("{\"a\":-1}", in -> in.number("a", 0, 4), "$.a: found -1, expected 0..4"),
        row("{\"a\":1}", in -> in.bool("a"), "$.a: found a number, expected true or false"),
        row("{\"a\":[]}", in -> in.object("a"), "$.a: found an array, expected an object"),
        row("{\"a\":{}}", in -> in.strings("a"), "$.a: found an object, expected an array"),
        row(
            "{\"a\":[\"x\",1]}",
            in -> in.strings("a"),
            "$.a[1]: found a number, expected a string"),
        row(
            "{\"a\":[{},{\"b\":1}]}",
            in -> in.objects("a", JsonMembers::path),
            "$.a[1]: unknown member 'b'"),
        row(
            "{\"a\":\"x\"}",
            in -> in.parsed("a", Integer::parseInt),
            "$.a: For input string: \"x\""),
        row("{\"z\":1,\"b\":2}", JsonMembers::end, "$: unknown member 'b'"));
  }

  private static Arguments row(String text, Consumer<JsonMembers> read, String message) {
    return Arguments.of(text, read, message);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrong")
  void a_failure_names_the_path_and_what_was_wanted(
      String text, Consumer<JsonMembers> read, String message) {
    assertThatThrownBy(() -> read.accept(members(text)))
        .isExactlyInstanceOf(JsonException.class)
        .hasMessage(message);
  }

  @Test
  void absent_and_null_are_the_same() {
    assertThat(members("{\"a\":null}").findString("a")).isEmpty();
    assertThat(members("{}").findNumber("a")).isEmpty();
    assertThat(members("{\"a\":null}").findParsed("a", String::strip)).isEmpty();
    members("{}").end();
  }

  @Test
  void null_members_that_were_asked_for_are_not_left_over() {
    JsonMembers in = members("{\"a\":null}");
    assertThat(in.findParsed("a", String::strip)).isEmpty();
    in.end();
  }
}
