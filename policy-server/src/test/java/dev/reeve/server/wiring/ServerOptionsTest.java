package dev.reeve.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.ldap.Credentials;
import dev.reeve.server.directory.ldap.FeedKind;
import dev.reeve.server.directory.ldap.LdapAddress;
import dev.reeve.server.directory.ldap.LdapConfig;
import dev.reeve.server.revocation.CrlSource;
import dev.reeve.server.withdrawal.BrakeRule;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                new InetSocketAddress("127.0.0.1", 3890),
                Optional.empty(),
                new InetSocketAddress("0.0.0.0", 7443),
                new InetSocketAddress("127.0.0.1", 7444),
                List.of("srv", "localhost", "127.0.0.1"),
                List.of(),
                BrakeRule.DEFAULT));
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
                "--ldaps",
                "[::1]:636",
                "--also",
                "DC=y",
                "--agents",
                "10.0.0.1:2",
                "--admin",
                "127.0.0.2:3",
                "--name",
                "a",
                "--name",
                "b",
                "--crl",
                "/acme.pem=http://pki.acme.example/ca.crl",
                "--withdrawal-share",
                "25"))
        .isEqualTo(
            new ServerOptions(
                Path.of("/s"),
                Dn.parse("DC=x"),
                Optional.empty(),
                List.of(new FurtherDomain(Dn.parse("DC=y"), Optional.empty())),
                false,
                Optional.of(Path.of("/f.ldif")),
                new InetSocketAddress("::1", 1),
                Optional.of(new InetSocketAddress("::1", 636)),
                new InetSocketAddress("10.0.0.1", 2),
                new InetSocketAddress("127.0.0.2", 3),
                List.of("a", "b"),
                List.of(
                    new CrlSource(
                        Path.of("/acme.pem"), URI.create("http://pki.acme.example/ca.crl"))),
                new BrakeRule(5, 25)));
    assertThat(parse("--sample").sample()).isTrue();
  }

  @Test
  void an_external_directory_is_mapped() {
    var config =
        parse(
                "--directory",
                "ldaps://a,ldap://b:3389,srv+ldaps://corp.example",
                "--base-dn",
                "DC=x",
                "--principal",
                "svc@X",
                "--keytab",
                "/k",
                "--kdc",
                "kdc",
                "--ca-file",
                "/ca.pem",
                "--server-name",
                "dc1",
                "--feed",
                "usn",
                "--poll",
                "1000")
            .external()
            .orElseThrow();

    assertThat(config.addresses())
        .extracting(LdapAddress::toString)
        .containsExactly("ldaps://a", "ldap://b:3389", "srv+ldaps://corp.example");
    assertThat(config.baseDn()).isEqualTo(Dn.parse("DC=x"));
    assertThat(config.credentials())
        .isEqualTo(new Credentials.Kerberos("svc@X", Path.of("/k"), Optional.of("kdc")));
    assertThat(config.caFile()).contains(Path.of("/ca.pem"));
    assertThat(config.serverName()).contains("dc1");
    assertThat(config.feed()).contains(FeedKind.USN);
    assertThat(config.timing().poll()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.startTls()).isFalse();
  }

  @Test
  void an_external_directory_has_defaults_too() {
    var config =
        parse(
                "--directory",
                "ldap://127.0.0.1",
                "--bind-dn",
                "cn=r",
                "--password-file",
                "/p",
                "--starttls")
            .external()
            .orElseThrow();

    assertThat(config)
        .isEqualTo(
            new LdapConfig(
                List.of(new LdapAddress(false, false, "127.0.0.1", 389)),
                Dn.parse("DC=corp,DC=example"),
                new Credentials.Password("cn=r", Path.of("/p")),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                LdapConfig.Timing.DEFAULTS));
  }

  @Test
  void a_further_domain_takes_from_the_first_what_it_does_not_say() {
    var options =
        parse(
            ("--base-dn DC=x --directory ldaps://a --bind-dn cn=r --password-file /p"
                    + " --ca-file /ca.pem --server-name dc1 --feed usn --poll 1000 --also DC=y"
                    + " --also DC=z --directory ldaps://z --bind-dn cn=z --password-file /z"
                    + " --admin 127.0.0.1:1 --also DC=w --principal svc@W --keytab /k")
                .split(" "));
    LdapConfig first = options.external().orElseThrow();
    assertThat(first.sites()).isTrue();
    assertThat(options.admin().getPort()).isEqualTo(1);
    var z =
        new LdapConfig(
            List.of(LdapAddress.parse("ldaps://z")),
            Dn.parse("DC=z"),
            new Credentials.Password("cn=z", Path.of("/z")),
            first.caFile(),
            Optional.empty(),
            false,
            Optional.empty(),
            first.timing());
    var w = new Credentials.Kerberos("svc@W", Path.of("/k"), Optional.empty());
    assertThat(options.further())
        .containsExactly(
            further(with(first, "DC=y", first.credentials())),
            further(z),
            further(with(first, "DC=w", w)));
  }

  private static LdapConfig with(LdapConfig config, String base, Credentials credentials) {
    return new LdapConfig(
        config.addresses(),
        Dn.parse(base),
        credentials,
        config.caFile(),
        config.serverName(),
        config.startTls(),
        config.feed(),
        config.timing());
  }

  private static FurtherDomain further(LdapConfig config) {
    return new FurtherDomain(config.baseDn(), Optional.of(config.withoutSites()));
  }

  @Test
  void a_further_domain_may_be_elsewhere_than_the_embedded_first() {
    var options =
        parse("--also DC=y --directory ldaps://y --bind-dn cn=y --password-file p".split(" "));
    assertThat(options.external()).isEmpty();
    assertThat(options.further().getFirst().external().orElseThrow().baseDn())
        .isEqualTo(Dn.parse("DC=y"));
  }

  @ParameterizedTest
  @CsvSource({
    "--also corp, --also",
    "'--also DC=corp,DC=example', --also",
    "--also DC=y --also DC=y, --also",
    "--also DC=y --bind-dn cn=y, --bind-dn",
    "--also DC=y --directory ldaps://y, --bind-dn",
    "--ldaps x, --ldaps",
    "--directory ldaps://a --bind-dn cn=r --password-file p --ldaps 127.0.0.1:1, --ldaps",
    "--base-dn corp, --base-dn",
    "--ldap 3890, --ldap",
    "--agents 0.0.0.0:x, --agents",
    "--admin 127.0.0.1:70000, --admin",
    "--state, --state",
    "--sample --ldif x, --ldif",
    "--colour red, --colour",
    "--directory http://a --bind-dn cn=r --password-file p, --directory",
    "--directory ldap://a.example --bind-dn cn=r --password-file p, clear",
    "--directory ldaps://a --starttls --bind-dn cn=r --password-file p, --directory",
    "--directory ldaps://a --bind-dn cn=r, --password-file",
    "--directory ldaps://a --password-file p, --bind-dn",
    "--directory ldaps://a --principal svc --keytab k, --principal",
    "--directory ldaps://a --principal svc@X, --keytab",
    "--directory ldaps://a --principal svc@X --keytab k --bind-dn cn=r, --principal",
    "--directory ldaps://a --bind-dn cn=r --password-file p --feed dirsync, --feed",
    "--directory ldaps://a --bind-dn cn=r --password-file p --poll 1, --poll",
    "--directory ldaps://a --bind-dn cn=r --password-file p --sample, --sample",
    "--directory ldaps://a --bind-dn cn=r --password-file p --ldap 127.0.0.1:1, --ldap",
    "--starttls, --starttls",
    "--ca-file x, --ca-file"
  })
  void an_invalid_value_is_refused_with_its_option(String arguments, String option) {
    assertThatThrownBy(() -> parse(arguments.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option);
  }
}
