package dev.reeve.scenarios.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.json.JsonText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMatchTest {

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      useHeadersInDisplayName = true,
      nullValues = "-",
      textBlock =
          """
          wanted                | found                      | difference
          {"a":1}               | {"a":1,"b":2}              | none
          {"a":{"b":"*"}}       | {"a":{"b":[1,2]}}          | none
          {"a":["*",2]}         | {"a":[1,2]}                | none
          {"a":1}               | {"b":1}                    | $.a is missing
          {"a":1}               | {"a":2}                    | $.a is 2, expected 1
          {"a":[1]}             | {"a":[1,2]}                | $.a has 2 items, expected 1
          {"a":[{"b":"x"}]}     | {"a":[{"b":"y","c":1}]}    | $.a[0].b is "y", expected "x"
          {"a":{"b":1}}         | {"a":3}                    | $.a is 3, expected {"b":1}
          """)
  void only_what_is_asked_for_counts(String wanted, String found, String difference) {
    assertThat(JsonMatch.difference(JsonText.parse(wanted), JsonText.parse(found)).orElse("none"))
        .isEqualTo(difference);
  }
}
