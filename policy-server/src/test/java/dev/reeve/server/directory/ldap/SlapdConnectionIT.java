package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.Programs;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which server is asked, by what name and as whom.
class SlapdConnectionIT extends SharedSlapd {

  @Test
  void a_wrong_base_is_named_with_those_there_are() {
    var config =
        new LdapConfig(
            config().addresses(),
            Dn.parse("DC=other,DC=example"),
            config().credentials(),
            config().caFile(),
            Optional.empty(),
            false,
            Optional.empty(),
            config().timing());
    assertThatThrownBy(() -> follow(config))
        .hasMessageContaining("DC=other,DC=example")
        .hasMessageContainingAll("naming contexts", "--base-dn");
  }

  @Test
  void a_new_password_in_the_file_needs_no_restart() throws Exception {
    follow(config());
    admin.modify(
        NativeSlapd.READER, new Modification(ModificationType.REPLACE, "userPassword", "x"));
    relay.cut();
    seen.await("the loss", Collected::isLost);
    relay.mend();
    seen.await(
        "the reason",
        s -> s.losses().getLast().contains("refuses the login of " + NativeSlapd.READER));
    assertThat(seen.entries()).hasSizeGreaterThan(150);

    Files.writeString(password, "x");
    seen.await("contact", s -> !s.isLost());
    awaitTruth();
  }

  @Test
  void StartTLS_works_and_a_wrong_name_or_authority_does_not() throws Exception {
    String url = "ldap://127.0.0.1:" + slapd.port();
    follow(config(NativeSlapd.READER, Optional.empty(), true, url));
    assertThat(seen.entries()).hasSizeGreaterThan(150);

    var named = config();
    assertThatThrownBy(() ->
            new LdapSource(
                    new LdapConfig(
                        named.addresses(),
                        named.baseDn(),
                        named.credentials(),
                        named.caFile(),
                        Optional.of("dc1.corp.example"),
                        false,
                        Optional.empty(),
                        named.timing()))
                .start(new Collected()))
        .hasMessageContaining("dc1.corp.example");
    TestCa other = TestCa.make(dir.resolve("other"), "localhost", "IP:127.0.0.1");
    assertThatThrownBy(() ->
            new LdapSource(
                    new LdapConfig(
                        named.addresses(),
                        named.baseDn(),
                        named.credentials(),
                        Optional.of(other.caFile()),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        named.timing()))
                .start(new Collected()))
        .isInstanceOf(DirectoryException.class);
  }

  /// The LDAP SDK alone would take any certificate of the CA for a numeric loopback address.
  @Test
  void a_loopback_address_must_be_named_too() throws Exception {
    TestCa byName = TestCa.make(dir.resolve("by-name"), "localhost", "DNS:localhost");
    try (var other = NativeSlapd.start(dir.resolve("slapd-by-name"), byName)) {
      int port = other.tlsAddress().getPort();
      assertThatThrownBy(() -> read("ldaps://127.0.0.1:" + port, byName))
          .hasMessageContainingAll("localhost", "expected '127.0.0.1'");
      assertThat(read("ldaps://localhost:" + port, byName).entries()).hasSizeGreaterThan(150);
    }
  }

  private Collected read(String url, TestCa authority) throws DirectoryException {
    var read = new Collected();
    var config =
        new LdapConfig(
            List.of(LdapAddress.parse(url)),
            config().baseDn(),
            config().credentials(),
            Optional.of(authority.caFile()),
            Optional.empty(),
            false,
            Optional.empty(),
            config().timing());
    try (var tried = new LdapSource(config)) {
      tried.start(read);
    }
    return read;
  }

  @Test
  void the_second_server_is_used_when_the_first_does_not_answer() throws Exception {
    int dead = Programs.freePort();
    follow(
        config(
            NativeSlapd.READER, "ldaps://127.0.0.1:" + dead, "ldaps://127.0.0.1:" + relay.port()));
    assertThat(seen.entries()).hasSizeGreaterThan(150);
  }

  @Test
  void the_other_server_takes_over_without_a_word_and_without_reading_everything()
      throws Exception {
    try (var other = Relay.to(slapd.tlsAddress())) {
      follow(
          config(
              NativeSlapd.READER,
              "ldaps://127.0.0.1:" + relay.port(),
              "ldaps://127.0.0.1:" + other.port()));
      describe(WEB, "by the first");
      seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("first"));
      relay.cut();
      describe(WEB, "by the second");
      seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("second"));
      assertThat(seen.resets()).isEqualTo(1);
      assertThat(seen.losses()).isEmpty();

      relay.mend();
      other.cut();
      describe(WEB, "and back");
      seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("back"));
      assertThat(seen.resets()).isEqualTo(1);
    }
  }

  @Test
  void people_log_in_with_their_own_password_and_computers_are_made() throws Exception {
    follow(config());
    var accounts = new LdapAccounts(config());
    assertThat(accounts.login(NativeSlapd.LIMITED, NativeSlapd.PASSWORD))
        .contains(NativeSlapd.LIMITED);
    assertThat(accounts.login(NativeSlapd.LIMITED, "wrong")).isEmpty();
    assertThat(accounts.login(NativeSlapd.LIMITED, "")).isEmpty();
    assertThat(accounts.login("nobody", NativeSlapd.PASSWORD)).isEmpty();
    assertThatThrownBy(() -> accounts.createComputer(Dn.parse("CN=x," + WEB), "x"))
        .isInstanceOf(DirectoryException.class)
        .hasMessageContaining("CN=x," + WEB);

    access(
        "olcAccess", PASSWORDS, "to * by dn.exact=\"" + NativeSlapd.READER + "\" write by * none");
    String guid = accounts.createComputer(Dn.parse("CN=made-1," + WEB), "made-1");
    seen.await("it", s -> s.find("CN=made-1," + WEB).isPresent());
    assertThat(seen.text("CN=made-1," + WEB, LdapAttribute.ENTRY_UUID)).contains(guid);
  }
}
