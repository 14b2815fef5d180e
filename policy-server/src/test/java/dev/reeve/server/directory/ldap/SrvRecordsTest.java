package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.ldap.ScriptedDns.Srv;
import dev.reeve.trust.Authority;
import dev.reeve.trust.TlsContexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Discovery by DNS, from a name server of the test's own.
class SrvRecordsTest {

  private static final String NAME = "_ldap._tcp.corp.example";
  private static final LdapAddress PLAIN = LdapAddress.parse("srv+ldap://corp.example");

  @TempDir Path dir;

  @Test
  void the_lowest_priority_comes_first_and_then_the_greatest_weight() throws Exception {
    try (var dns =
        ScriptedDns.of(
            NAME,
            new Srv(10, 0, 389, "far.corp.example"),
            new Srv(0, 10, 389, "light.corp.example"),
            new Srv(0, 100, 3389, "heavy.corp.example"),
            new Srv(0, 100, 389, "also-heavy.corp.example"))) {
      assertThat(dns.records().of(PLAIN))
          .extracting(LdapAddress::toString)
          .containsExactly(
              "ldap://also-heavy.corp.example",
              "ldap://heavy.corp.example:3389",
              "ldap://light.corp.example",
              "ldap://far.corp.example");
      assertThat(dns.records().of(LdapAddress.parse("srv+ldaps://corp.example")))
          .as("Active Directory registers the plain port alone")
          .extracting(LdapAddress::toString)
          .startsWith("ldaps://also-heavy.corp.example", "ldaps://heavy.corp.example");
    }
  }

  @Test
  void a_name_that_is_not_there_is_said_with_what_was_asked_for() throws Exception {
    try (var dns = ScriptedDns.of("_ldap._tcp.other.example")) {
      assertThatThrownBy(() -> dns.records().of(PLAIN))
          .isInstanceOf(FeedException.class)
          .hasMessageContaining(NAME);
    }
  }

  /// RFC 2782: a target of "." says that there is decidedly no such service.
  @Test
  void a_dot_alone_is_no_server() throws Exception {
    try (var dns = ScriptedDns.of(NAME, new Srv(0, 0, 0, "."))) {
      assertThatThrownBy(() -> dns.records().of(PLAIN))
          .isInstanceOf(FeedException.class)
          .hasMessageContaining("none");
    }
  }

  @Test
  void the_next_server_is_used_when_one_is_gone_and_the_last_answer_when_DNS_is() throws Exception {
    var seen = new Collected();
    Instant now = Instant.now();
    var authority = Authority.openOrCreate(dir.resolve("trust"), now, new SecureRandom());
    var tls =
        TlsContexts.forServer(authority.issueServer(List.of("localhost"), now, Duration.ofDays(1)))
            .getSocketFactory();
    try (var one = AdLike.start("DC1", tls);
        var two = AdLike.start("DC2", tls);
        var toOne = Relay.to(one.address());
        var toTwo = Relay.to(two.address());
        var dns =
            ScriptedDns.of(
                NAME,
                new Srv(5, 0, toTwo.port(), "localhost"),
                new Srv(0, 0, toOne.port(), "localhost"));
        var source = new LdapSource(config(), dns.records())) {
      source.start(seen);
      one.add("CN=on-one," + AdLike.BASE, "computer");
      seen.await("the first by priority", s -> s.find("CN=on-one," + AdLike.BASE).isPresent());

      dns.fallSilent();
      two.add("CN=on-two," + AdLike.BASE, "computer");
      toOne.cut();
      seen.await("the second", s -> s.find("CN=on-two," + AdLike.BASE).isPresent());
      assertThat(seen.losses()).isEmpty();
    }
  }

  private LdapConfig config() throws Exception {
    return new LdapConfig(
        List.of(PLAIN),
        Dn.parse(AdLike.BASE),
        new Credentials.Password(
            AdLike.ADMIN, Files.writeString(dir.resolve("password"), AdLike.PASSWORD)),
        Optional.of(dir.resolve("trust/root.pem")),
        Optional.empty(),
        true,
        Optional.empty(),
        new LdapConfig.Timing(
            Duration.ofMillis(50),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(20)));
  }
}
