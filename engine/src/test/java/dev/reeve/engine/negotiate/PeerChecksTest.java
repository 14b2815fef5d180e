package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Pki;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerChecksTest {

  private static final String B = Pki.id("b").text();

  private static HostPolicy policy(int level, AuthMethod... methods) {
    var policy = TestPolicies.of("require me <> any");
    var authenticated = methods.length == 0 ? policy : TestPolicies.authenticated(policy, methods);
    return new HostPolicy(
        Optional.empty(),
        authenticated.domain(),
        Optional.empty(),
        new HostSettings(Map.of(HostSetting.STRONG_CRL_CHECK, new JsonNumber(level))));
  }

  private static Means means(byte[] crl) {
    return new Means(
        Optional.empty(),
        List.of(OwnAddress.onLan(IpAddress.parse("10.0.0.1"))),
        _ -> Optional.of(IpAddress.parse("10.0.0.1")),
        Optional.of(Pki.enrolled("a")),
        List.of(),
        sealed -> Optional.of(new IkeSecret(sealed.toBytes())),
        Optional.of(new Revocations(crl, List.of(Pki.crl("enrolled-root")), Set.of(Pki.id("b")))),
        Optional.empty(),
        _ -> false);
  }

  private static PeerChecks checks(int level) {
    return PeerChecks.of(policy(level), means(Pki.crl("revoked-b")));
  }

  private static List<IkeConnection> connections(HostPolicy policy) {
    return Negotiations.of(
            policy,
            SymbolicSpd.of(policy).resolve(HostView.NONE),
            HostView.NONE,
            means(Pki.crl("revoked-b")))
        .connections();
  }

  private static boolean refused(int level, String remoteId, AuthMethod... methods) {
    List<IkeConnection> connections = connections(policy(level, methods));
    return checks(level)
        .refuses(association(connections.getFirst().name(), "ESTABLISHED", remoteId), connections);
  }

  private static IkeAssociation association(String connection, String state, String remoteId) {
    return new IkeAssociation(1, connection, state, false, "", "", 500, false, remoteId, List.of());
  }

  @ParameterizedTest(name = "{1} at level {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | O=Reeve, OU=Hosts, CN=host 00000000000000000000000000000002       | false
          1 | O=Reeve, OU=Hosts, CN=host 00000000000000000000000000000002       | true
          2 | O=Reeve, OU=Hosts, CN=host 00000000000000000000000000000002       | true
          1 | urn:reeve:host:00000000000000000000000000000002                   | true
          1 | O=Reeve, OU=Hosts, CN=host 00000000000000000000000000000003       | false
          1 | urn:reeve:host:00000000000000000000000000000003                   | false
          1 | 1a:9a:92:30:ca:33:98:85:e2:43                                     | true
          1 | O=Reeve, OU=Hosts, CN=host 00000000000000000000000000000003, CN=x | true
          0 | 1a:9a:92:30:ca:33:98:85:e2:43                                     | false
          """)
  void an_association_ends_when_its_peer_was_revoked_or_cannot_be_told(
      int level, String remoteId, boolean refused) {
    assertThat(refused(level, remoteId)).isEqualTo(refused);
  }

  private static final String ACME = "CN=Acme device CA, O=Acme, C=DE";

  private static Means withAcme(Optional<PeerList> peers, byte[]... crls) {
    Means means = means(Pki.crl("none"));
    return new Means(
        Optional.empty(),
        means.addresses(),
        means.towards(),
        means.machine(),
        List.of(Pki.acme("a")),
        means.keys(),
        Optional.of(new Revocations(Pki.crl("none"), List.of(crls), Set.of())),
        peers,
        _ -> false);
  }

  private static List<IkeConnection> connections(HostPolicy policy, Means means) {
    var spd = SymbolicSpd.of(policy).resolve(HostView.NONE);
    return Negotiations.of(policy, spd, HostView.NONE, means).connections();
  }

  /// It may write Reeve's names into a certificate; they are no account with it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "O=Reeve, OU=Hosts, CN=host 00000000000000000000000000000002",
        "C=DE, O=Acme, CN=b.acme.example"
      })
  void a_peer_with_a_certificate_of_another_ca_has_no_account(String remoteId) {
    HostPolicy policy = byAccount(new AuthMethod.Certificate(ACME, true, false));
    Means means = withAcme(Optional.of(ONLY_B));
    List<IkeConnection> connections = connections(policy, means);
    var association =
        new IkeAssociation(
            1,
            connections.getFirst().name(),
            "ESTABLISHED",
            false,
            "10.0.0.1",
            "10.0.0.2",
            500,
            false,
            remoteId,
            List.of());
    PeerChecks checks = PeerChecks.of(policy, means);
    assertThat(checks.verified(List.of(association), connections)).isEmpty();
    assertThat(checks.refuses(association, connections)).isFalse();
  }

  @ParameterizedTest(name = "{0} after {1}")
  @CsvSource({
    "acme-revoked-b, acme-none, true",
    "acme-revoked-b, acme-revoked-b, false",
    "acme-revoked-b, enrolled-root, true",
    "acme-none, acme-revoked-b, false",
    "enrolled-root, acme-none, false",
  })
  void who_came_in_by_another_ca_proves_himself_anew_when_it_revokes_more(
      String now, String held, boolean anew) {
    HostPolicy policy = policy(2, new AuthMethod.Certificate(ACME, false, false));
    Means means = withAcme(Optional.empty(), Pki.crl(now));
    List<IkeConnection> connections = connections(policy, means);
    var association =
        association(
            connections.getFirst().name(), "ESTABLISHED", "C=DE, O=Acme, CN=b.acme.example");
    PeerChecks checks = PeerChecks.of(policy, means);
    assertThat(checks.mustProveAnew(association, connections, Set.of(new IkeCrl(Pki.crl(held)))))
        .isEqualTo(anew);
    assertThat(checks.refuses(association, connections)).isFalse();
  }

  /// Whoever knows a shared key may call himself what he likes.
  @Test
  void a_peer_with_a_pre_shared_key_has_no_name_to_check() {
    var psk = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    assertThat(refused(2, "10.0.0.2", psk)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECTING", "DELETING", "REKEYED"})
  void only_what_stands_is_ended(String state) {
    List<IkeConnection> connections = connections(policy(2));
    String name = connections.getFirst().name();
    assertThat(checks(2).refuses(association(name, state, "urn:reeve:host:" + B), connections))
        .isFalse();
  }

  @Test
  void a_crl_too_large_for_charon_is_not_given_to_it_and_its_hosts_are_refused_all_the_same() {
    var checks = PeerChecks.of(policy(1), means(new byte[IkeCrl.MOST_BYTES + 1]));
    assertThat(checks.crls()).containsExactly(new IkeCrl(Pki.crl("enrolled-root")));
    assertThat(checks.revoked()).containsExactly(Pki.id("b"));
    assertThat(PeerChecks.of(policy(1), means(new byte[IkeCrl.MOST_BYTES])).crls()).hasSize(2);
  }

  private static HostPolicy byAccount(AuthMethod... methods) {
    var names = new JsonArray(List.of(new JsonString("CN=Peers,DC=corp")));
    return new HostPolicy(
        Optional.empty(),
        TestPolicies.authenticated(TestPolicies.of("require me <> any"), methods).domain(),
        Optional.empty(),
        new HostSettings(Map.of(HostSetting.NETWORK_ALLOW, names)));
  }

  private static Means allowing(Optional<PeerList> peers) {
    return new Means(
        Optional.empty(),
        List.of(OwnAddress.onLan(IpAddress.parse("10.0.0.1"))),
        _ -> Optional.of(IpAddress.parse("10.0.0.1")),
        Optional.of(Pki.enrolled("a")),
        List.of(),
        sealed -> Optional.of(new IkeSecret(sealed.toBytes())),
        Optional.empty(),
        peers,
        _ -> false);
  }

  private static final AuthMethod KERBEROS = AuthMethod.Kerberos.KERBEROS;
  private static final PeerList ONLY_B = new PeerList(Optional.of(Set.of(Pki.id("b"))), Set.of());

  private static Wanted wanted(HostPolicy policy, Optional<PeerList> peers, String... remotes) {
    Means means = allowing(peers);
    var spd = SymbolicSpd.of(policy).resolve(HostView.NONE);
    String name =
        Wanted.of(policy, spd, HostView.NONE, means).negotiations().connections().getFirst().name();
    var associations = new ArrayList<IkeAssociation>();
    for (String remote : remotes) {
      String[] words = remote.split(" ");
      associations.add(
          new IkeAssociation(
              associations.size() + 1,
              name,
              words.length > 2 ? words[2] : "ESTABLISHED",
              false,
              "10.0.0.1",
              words[0],
              500,
              false,
              words[1].length() == 1
                  ? "O=Reeve, OU=Hosts, CN=host " + Pki.id(words[1]).text()
                  : words[1],
              List.of()));
    }
    return Wanted.of(policy, spd, HostView.NONE, means, associations);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                        | ''
          10.0.0.2 b                | 10.0.0.2
          10.0.0.3 c                | ''
          10.0.0.2 b,10.0.0.3 c     | 10.0.0.2
          10.0.0.2 b,10.0.0.2 c     | ''
          10.0.0.2 b CONNECTING     | ''
          10.0.0.2 1a:9a:92         | ''
          10.0.0.9 b,10.0.0.2 b     | 10.0.0.2 10.0.0.9
          """)
  void an_address_is_verified_when_only_hosts_that_may_associate_from_it(
      String associations, String addresses) {
    Wanted wanted =
        wanted(
            byAccount(KERBEROS),
            Optional.of(ONLY_B),
            associations.isEmpty() ? new String[0] : associations.split(","));
    assertThat(wanted.verified())
        .extracting(IpAddress::toString)
        .containsExactly(addresses.isEmpty() ? new String[0] : addresses.split(" "));
  }

  @Test
  void the_gate_of_a_rule_by_account_opens_for_verified_peers_alone() {
    String closed = wanted(byAccount(KERBEROS), Optional.of(ONLY_B)).toText();
    assertThat(closed).doesNotContain("ipsec in reqid").doesNotContain("ipsec out reqid");

    String open = wanted(byAccount(KERBEROS), Optional.of(ONLY_B), "10.0.0.2 b").toText();
    assertThat(open)
        .containsPattern("ip saddr \\{? ?10\\.0\\.0\\.2 ?}? ipsec in reqid [0-9]+ accept")
        .containsPattern("ip daddr \\{? ?10\\.0\\.0\\.2 ?}? ipsec out reqid [0-9]+ accept");
  }

  @Test
  void a_list_that_the_settings_ask_for_and_nobody_sent_lets_nobody_in() {
    Wanted wanted = wanted(byAccount(KERBEROS), Optional.empty(), "10.0.0.2 b");
    assertThat(wanted.verified()).isEmpty();
    assertThat(wanted.toText()).doesNotContain("ipsec in reqid");
  }

  @Test
  void a_certificate_is_an_account_where_the_rule_says_so() {
    String ca = "CN=Reeve root, O=Reeve";
    var mapped = new AuthMethod.Certificate(ca, true, false);
    var plain = new AuthMethod.Certificate(ca, false, false);
    assertThat(wanted(byAccount(mapped), Optional.of(ONLY_B)).toText())
        .doesNotContain("ipsec in reqid");
    assertThat(wanted(byAccount(plain), Optional.of(ONLY_B)).toText()).contains("ipsec in reqid");
  }
}
