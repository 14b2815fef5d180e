package dev.reeve.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerOptionsTest {

  private static ServerOptions parse(String... arguments) {
    return ServerOptions.parse(List.of(arguments), "srv");
  }

  @Test
  void without_options_everything_has_a_default() {
    assertThat(parse())
        .isEqualTo(
            new ServerOptions(
                Path.of("/var/lib/reeve/server"),
                Dn.parse("DC=corp,DC=example"),
                false,
                Optional.empty(),
                new InetSocketAddress("127.0.0.1", 3890),
                new InetSocketAddress("0.0.0.0", 7443),
                new InetSocketAddress("127.0.0.1", 7444),
                List.of("srv", "localhost", "127.0.0.1")));
  }

  @Test
  void every_option_is_mapped() {
    assertThat(
            parse(
                "--state",
                "/s",
                "--base-dn",
                "DC=x",
                "--ldif",
                "/f.ldif",
                "--ldap",
                "[::1]:1",
                "--agents",
                "10.0.0.1:2",
                "--admin",
                "127.0.0.2:3",
                "--name",
                "a",
                "--name",
                "b"))
        .isEqualTo(
            new ServerOptions(
                Path.of("/s"),
                Dn.parse("DC=x"),
                false,
                Optional.of(Path.of("/f.ldif")),
                new InetSocketAddress("::1", 1),
                new InetSocketAddress("10.0.0.1", 2),
                new InetSocketAddress("127.0.0.2", 3),
                List.of("a", "b")));
    assertThat(parse("--sample").sample()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "--base-dn corp, --base-dn",
    "--ldap 3890, --ldap",
    "--agents 0.0.0.0:x, --agents",
    "--admin 127.0.0.1:70000, --admin",
    "--state, --state",
    "--sample --ldif x, --ldif",
    "--colour red, --colour"
  })
  void an_invalid_value_is_refused_with_its_option(String arguments, String option) {
    assertThatThrownBy(() -> parse(arguments.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option);
  }
}
