package dev.reeve.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.cli.lab.LabException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarratorTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Narrator narrator =
      new Narrator(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, false);

  private List<String> told() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void a_step_that_works_is_one_line_of_80_columns_with_its_time() throws DemoFailure {
    narrator.step("client-01 to web-01:80 works", () -> {});

    assertThat(told()).singleElement().asString().startsWith(" ok client-01 to web-01:80 works");
    assertThat(told().getFirst()).hasSize(80).endsWith(" s");
  }

  @Test
  void a_long_line_is_broken_between_words() throws DemoFailure {
    narrator.step("word ".repeat(40).strip(), () -> {});

    assertThat(told()).hasSizeGreaterThan(2).allMatch(line -> line.length() <= 80);
  }

  @Test
  void a_step_that_fails_says_why_and_ends_the_story() {
    assertThatThrownBy(() ->
            narrator.step(
                "web-01 enforces",
                () -> {
                  throw new LabException("no answer");
                }))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("no answer");
    assertThat(told().getFirst()).startsWith(" NO web-01 enforces");
    assertThat(told().get(1)).isEqualTo("    no answer");
  }

  @Test
  void ldif_is_folded_as_ldif_is() {
    assertThat(Shell.fold("gPLink: " + "x".repeat(100)).lines())
        .hasSize(2)
        .allMatch(line -> line.length() <= 76)
        .last()
        .asString()
        .startsWith(" x");
  }
}
