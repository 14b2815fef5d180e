package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

class EspITTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          lines                        | tests
          ok one; ok two; done         | one is ok, two is ok
          ok one; skip two: why; done  | one is ok, two is skipped
          ok one; not ok two: x; done  | one is ok, two fails
          ok one                       | one is ok, X to the end fails
          done                         | X to the end fails
          guest: no memory; done       | X to the end fails
          """)
  void what_a_guest_says_becomes_tests(String lines, String tests) {
    assertThat(
            EspIT.tests("X", List.of(lines.split("; "))).stream()
                .map(test -> test.getDisplayName() + " " + result(test))
                .collect(Collectors.joining(", ")))
        .isEqualTo(tests);
  }

  private static String result(DynamicTest test) {
    try {
      test.getExecutable().execute();
      return "is ok";
    } catch (TestAbortedException e) {
      return "is skipped";
    } catch (Throwable e) {
      return "fails";
    }
  }
}
