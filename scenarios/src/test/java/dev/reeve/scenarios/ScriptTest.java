package dev.reeve.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.cli.lab.HostSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {

  private static final Path SCENARIOS = Path.of(".");

  @Test
  void hosts_and_steps_are_read_in_order() throws ScriptException {
    Script script =
        Script.parse(
            "x/steps.txt",
            """
            # for people
            hosts: web-01 client-01

            1  server start
            2  connect client-01 -> web-01:80 works
            """);

    assertThat(script.hosts()).extracting(HostSpec::name).containsExactly("web-01", "client-01");
    assertThat(script.needs()).isEqualTo(Script.Needs.NOTHING);
    assertThat(script.steps())
        .extracting(Script.Line::toString)
        .containsExactly("step 1 (server start)", "step 2 (connect client-01 -> web-01:80 works)");
  }

  @Test
  void hosts_behind_a_nat_have_an_address_of_their_own_and_are_seen_as_one()
      throws ScriptException {
    Script script =
        Script.parse("x/steps.txt", "hosts: web-01 db-01\nnat: web-01\n1 server start\n");
    assertThat(script.hosts())
        .extracting(host -> host.address() + " " + host.seenAs(false))
        .containsExactly("10.78.0.11 10.77.10.9", "10.77.10.12 10.77.10.12");
    assertThat(script.hosts())
        .extracting(host -> host.address6() + " " + host.seenAs(true))
        .containsExactly("fd78::11 fd77::10:9", "fd77::10:12 fd77::10:12");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          lines                                         | message
          1 server start                                | x/steps.txt: a line 'hosts: NAME...' is missing
          hosts: web-01                                 | x/steps.txt: there are no steps
          hosts: web-9                                  | x/steps.txt:1: found host 'web-9', expected one of web-01, db-01, client-01, files-01, mail-01, outside-01, outside-02
          hosts: web-01; takes: ages; 1 server start    | x/steps.txt:2: found 'ages', expected long
          hosts: web-01; needs: luck; 1 server start    | x/steps.txt:2: found 'luck', expected esp or no-esp
          nat: web-01; hosts: web-01; 1 server start    | x/steps.txt:1: behind the NAT are hosts that take part, named before
          hosts: web-01; server start                   | x/steps.txt:2: a step starts with its number
          hosts: web-01; 2 server start                 | x/steps.txt:2: found step 2, expected 1
          hosts: web-01; 1 server start; 1 server stop  | x/steps.txt:3: found step 1, expected 2
          hosts: web-01; 1 server sleep                 | x/steps.txt:2: found 'sleep', expected one of start, stop, kill, cut, mend
          """)
  void a_bad_line_is_named_by_file_line_and_what_was_expected(String lines, String message) {
    assertThatThrownBy(() -> Script.parse("x/steps.txt", lines.replace("; ", "\n")))
        .isInstanceOf(ScriptException.class)
        .hasMessage(message);
  }

  /// Also that every file a step names is there.
  @Test
  void every_scenario_in_the_tree_is_whole() throws Exception {
    List<Scenario> all = Scenario.all(SCENARIOS);

    assertThat(all)
        .extracting(Scenario::name)
        .contains(
            "enforced-parent-wins",
            "block-then-permit",
            "published-container-port",
            "server-outage",
            "tampered-manifest");
    for (Scenario scenario : all) {
      assertThat(scenario.promise()).as(scenario.name()).isNotBlank();
      for (String file : filesNamed(scenario)) {
        assertThat(scenario.folder().resolve(file)).exists();
      }
    }
  }

  private static List<String> filesNamed(Scenario scenario) {
    return scenario.script().steps().stream()
        .flatMap(line -> Stream.of(line.text().split(" ")))
        .filter(word -> word.matches(".*\\.(ldif|json|txt|conf)"))
        .toList();
  }

  @Test
  void no_file_of_a_scenario_is_left_unused() throws Exception {
    for (Scenario scenario : Scenario.all(SCENARIOS)) {
      List<String> used = filesNamed(scenario);
      assertThat(files(scenario.folder()))
          .as(scenario.name())
          .allMatch(file ->
              used.contains(file)
                  || List.of("README.md", "steps.txt", "domain.ldif").contains(file));
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).toList();
    }
  }
}
