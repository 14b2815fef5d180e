package dev.reeve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @ParameterizedTest(name = "reeve {0}")
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "rsop",
        "rsop plan",
        "rsop plan --ldif x",
        "rsop plan --ldif x --server https://y --all",
        "rsop plan --ldif x --all --computer y",
        "rsop plan --ldif x --all --address 10.1.2",
        "rsop plan --ldif x --all --group nonsense",
        "rsop plan --ldif x --all --fact nonsense",
        "rsop plan --ldif x --all --output xml",
        "rsop plan --server https://y --all -v",
        "rsop plan --server https://y --all --ou OU=x",
        "token",
        "token create --ttl never",
        "token create --ttl 99d",
        "token create --computer CN=a --ou OU=b",
        "signer",
        "withdrawal",
        "withdrawal confirm",
        "withdrawal confirm everything"
      })
  void a_wrong_command_line_ends_with_2_and_a_hint(String line) {
    Ran ran = Ran.reeve(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    if (!line.isEmpty()) {
      assertThat(ran.err()).startsWith("reeve: ").contains("--help");
      assertThat(ran.out()).isEmpty();
    }
  }

  static Stream<String> commands() {
    return Commands.GROUPS.stream()
        .flatMap(group -> group.entries().stream())
        .map(Commands.Entry::name);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_is_listed_and_has_help_that_fits_a_terminal(String name) {
    assertThat(Ran.reeve("--help").out()).containsPattern("\n  " + name + " ");
    Ran help = Ran.reeve(name, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertFits(help.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rsop plan ",
        "token create ",
        "signer replace ",
        "withdrawal show ",
        "withdrawal confirm "
      })
  void help_fits_a_terminal_and_has_no_colours_in_a_pipe(String command) {
    Ran help = Ran.reeve((command + "--help").split(" "));
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("Usage:").contains("Examples:").doesNotContain("\u001b");
    assertFits(help.out());
  }

  private static void assertFits(String text) {
    List<String> lines = text.lines().toList();
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  @Test
  void the_first_page_says_what_the_exit_codes_mean() {
    assertThat(Ran.reeve("--help").out()).contains("0 done or yes").contains("4 not permitted");
  }
}
