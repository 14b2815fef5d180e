package dev.reeve.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.agent.config.AgentConfig.EngineChoice;
import dev.reeve.agent.config.AgentConfig.IkeChoice;
import dev.reeve.agent.http.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentConfigTest {

  @Test
  void says_nothing_gets_the_defaults() {
    AgentConfig config = AgentConfig.parse(List.of());
    assertThat(config).isEqualTo(AgentConfig.DEFAULTS);
    assertThat(config.state()).isEqualTo(Path.of("/var/lib/reeve/agent"));
    assertThat(config.run()).isEqualTo(Path.of("/run/reeve"));
    assertThat(config.longPoll()).isEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void every_argument_finds_its_place() {
    assertThat(
            AgentConfig.parse(
                List.of(
                    "--state",
                    "/a",
                    "--run",
                    "/b",
                    "--engine",
                    "dry-run",
                    "--ike",
                    "none",
                    "--server",
                    "s1:1",
                    "--server",
                    "[::1]:2",
                    "--machine-id",
                    "/c",
                    "--certificates",
                    "/d",
                    "--long-poll-seconds",
                    "30",
                    "--drift-seconds",
                    "7",
                    "--report-seconds",
                    "11")))
        .isEqualTo(
            new AgentConfig(
                Path.of("/a"),
                Path.of("/b"),
                EngineChoice.DRY_RUN,
                IkeChoice.NONE,
                List.of(new Endpoint("s1", 1), new Endpoint("::1", 2)),
                Path.of("/c"),
                Path.of("/d"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(7),
                Duration.ofSeconds(11)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "--state, ''",
    "--run, ''",
    "--engine, windows",
    "--engine, DRY_RUN",
    "--ike, foreign",
    "--server, nowhere",
    "--server, host:0",
    "--machine-id, ''",
    "--certificates, ''",
    "--long-poll-seconds, 0",
    "--long-poll-seconds, 301",
    "--drift-seconds, 4",
    "--drift-seconds, x",
    "--report-seconds, 9",
    "--report-seconds, 86401",
    "--colour, blue",
  })
  void a_wrong_value_is_refused_by_name(String name, String value) {
    assertThatThrownBy(() -> AgentConfig.parse(List.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + ":");
  }

  @Test
  void a_missing_value_is_refused_by_name() {
    assertThatThrownBy(() -> AgentConfig.parse(List.of("--run", "/b", "--state")))
        .hasMessage("--state: a value is missing");
  }
}
