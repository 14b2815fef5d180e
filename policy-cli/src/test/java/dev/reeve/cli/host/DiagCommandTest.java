package dev.reeve.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.diag.Finding;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Ran;
import dev.reeve.cli.Terminal;
import dev.reeve.model.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DiagCommandTest {

  private static Ran ran(List<Finding> findings, String... arguments) {
    return ran((_, _, _) -> findings, arguments);
  }

  private static Ran ran(DiagCommand.Diagnosis diagnosis, String... arguments) {
    var out = new ByteArrayOutputStream();
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);
    var terminal = new Terminal(print, print, _ -> Optional.empty(), _ -> Optional.empty());
    int code =
        new CommandLine(new DiagCommand(terminal, diagnosis))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(IpAddress.class, IpAddress::parse)
            .execute(arguments);
    return new Ran(code, out.toString(StandardCharsets.UTF_8), "");
  }

  private static Finding finding(String state) {
    return switch (state) {
      case "ok" -> Finding.ok("dns", "a is b");
      case "skipped" -> Finding.skipped("peer", "not asked for");
      case "not-ok" -> Finding.notOk("esp", "there is none", "another kernel");
      default -> throw new IllegalArgumentException(state);
    };
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ok, 0",
    "ok skipped ok, 0",
    "skipped, 0",
    "not-ok, 1",
    "ok not-ok ok, 1",
    "skipped ok not-ok, 1"
  })
  void anything_that_is_not_ok_is_a_failure(String states, int code) {
    List<Finding> findings = Stream.of(states.split(" ")).map(DiagCommandTest::finding).toList();
    assertThat(ran(findings).code()).isEqualTo(code);
    assertThat(ran(findings, "--output", "json").code()).isEqualTo(code);
  }

  @Test
  void each_finding_is_a_line_with_what_to_do_below() {
    List<Finding> findings = List.of(finding("ok"), finding("skipped"), finding("not-ok"));
    assertThat(ran(findings).out().lines())
        .containsExactly(
            "ok       dns         a is b",
            "skipped  peer        not asked for",
            "not ok   esp         there is none",
            "                     -> another kernel");
    assertThat(ran(findings, "--output", "json").out())
        .startsWith(
            "{\"checks\":[{\"check\":\"dns\",\"state\":\"ok\",\"detail\":\"a is"
                + " b\",\"advice\":\"\"}")
        .contains("\"state\":\"not ok\"");
  }

  @Test
  void it_looks_where_it_is_told(@TempDir Path directory) {
    var asked = new ArrayList<Object>();
    Ran told =
        ran(
            (state, run, peer) -> {
              asked.addAll(List.of(state, run, peer.orElseThrow()));
              return List.of();
            },
            "--state",
            "/s",
            "--run",
            "/r",
            "--peer",
            "10.1.2.3");
    assertThat(told.code()).isEqualTo(ExitCode.DONE);
    assertThat(asked).containsExactly(Path.of("/s"), Path.of("/r"), IpAddress.parse("10.1.2.3"));

    Ran real = Ran.reeve("diag", "--state", directory + "/no", "--run", directory.toString());
    assertThat(real.code()).as("no agent runs there").isEqualTo(ExitCode.FAILED);
    assertThat(real.out()).contains("not ok   agent", "skipped  identity");
  }
}
