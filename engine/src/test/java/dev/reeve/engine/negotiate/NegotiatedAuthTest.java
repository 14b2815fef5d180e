package dev.reeve.engine.negotiate;

import static dev.reeve.engine.negotiate.NegotiationsTest.means;
import static dev.reeve.engine.negotiate.NegotiationsTest.of;
import static dev.reeve.engine.negotiate.NegotiationsTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What peers prove themselves with, and which rules go together.
class NegotiatedAuthTest {

  @Test
  void each_way_to_authenticate_needs_what_the_host_has() {
    var policy = TestPolicies.of("require me <> 10.0.0.0/8");
    var bare =
        new Means(
            Optional.empty(),
            NegotiationsTest.OWN,
            NegotiationsTest::towards,
            Optional.empty(),
            List.of(),
            _ -> Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            _ -> false);
    var psk = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    var ours = new AuthMethod.Certificate("CN=Reeve root, O=Reeve", false, false);
    var theirs = new AuthMethod.Certificate("CN=Elsewhere", false, false);

    assertThat(only(of(policy, bare)))
        .isEqualTo(new Negotiation.Impossible("this host has no certificate of its own"));
    assertThat(only(of(TestPolicies.authenticated(policy, psk), bare)))
        .isEqualTo(new Negotiation.Impossible("this host cannot open the pre-shared key"));
    assertThat(only(of(TestPolicies.authenticated(policy, theirs), means())))
        .isEqualTo(new Negotiation.Impossible("this host has no certificate of 'CN=Elsewhere'"));
    assertThat(only(of(TestPolicies.authenticated(policy, ours), means())))
        .isInstanceOf(Negotiation.Possible.class);
    assertThat(only(of(TestPolicies.authenticated(policy, psk), means())))
        .isInstanceOf(Negotiation.Possible.class);
  }

  /// charon would let whoever knows one key pass for a peer of the other.
  @Test
  void a_second_pre_shared_key_is_not_given_to_charon() {
    var one = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    var two = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {2}));
    var rules = new ArrayList<IpsecRule>();
    rules.addAll(rules(one, "require me <> 10.1.0.0/16", "{A}"));
    rules.addAll(rules(two, "require me <> 10.0.0.0/8", "{B}"));
    rules.addAll(rules(one, "require me <> any", "{C}"));
    var negotiations = of(TestPolicies.of(rules));

    assertThat(negotiations.connections())
        .extracting(c -> ((IkeAuth.SharedKey) c.auth()).key())
        .containsOnly(new IkeSecret(new byte[] {1}));
    assertThat(negotiations.rules().values())
        .containsOnlyOnce(
            new Negotiation.Impossible(
                "another rule has another pre-shared key, and charon tells peers of two apart only"
                    + " where each rule names one peer by its address"));
  }

  /// `RULE by KEY` each; what becomes of them.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.2 by 1, 10.0.0.3 by 2                     | 1 for 10.0.0.2, 2 for 10.0.0.3
          10.0.0.2 by 1, 10.0.0.3 by 2, 10.0.0.4 by 1      | 1 for 10.0.0.2, 1 for 10.0.0.4, 2 for 10.0.0.3
          2001:db8::2 by 1, 10.0.0.3 by 2                  | 1 for 2001:db8::2, 2 for 10.0.0.3
          10.0.0.2 by 1, 10.0.0.3 by 1                     | 1 for anybody
          10.0.0.2 by 1, 10.0.0.2#22 tcp by 2              | 1 for anybody, for the same peer
          10.0.0.2 by 1, any by 2                          | 1 for anybody, names one peer
          10.0.0.2 by 1, 10.9.0.0/16 by 2, 10.0.0.3 by 3   | 1 for 10.0.0.2, 3 for 10.0.0.3, names one peer
          """)
  void several_keys_go_together_where_each_rule_names_one_peer(String rules, String expected) {
    var all = new ArrayList<IpsecRule>();
    for (String rule : rules.split(", ")) {
      String[] words = rule.split(" by ");
      byte[] key = {Byte.parseByte(words[1])};
      all.addAll(
          rules(
              new AuthMethod.PreSharedKey(SealedSecret.ofBytes(key)),
              "require me <> " + words[0],
              "{" + (char) ('A' + all.size()) + "}"));
    }
    Negotiations negotiations = of(TestPolicies.of(all));
    var found = new TreeSet<String>();
    for (IkeConnection connection : negotiations.connections()) {
      var auth = (IkeAuth.SharedKey) connection.auth();
      String owners =
          auth.owners().stream().map(IpAddress::toString).collect(Collectors.joining(" "));
      for (byte i = 1; i < 4; i++) {
        if (auth.key().equals(new IkeSecret(new byte[] {i})))
          found.add(i + " for " + (owners.isEmpty() ? "anybody" : owners));
      }
      ViciMessage message = connection.toVici().section(connection.name());
      String any = Traffic.all(connection.family());
      assertThat(message.list("remote_addrs")).containsExactly(owners.isEmpty() ? any : owners);
      assertThat(message.section("remote").find("id").orElse("")).isEqualTo(owners);
    }
    for (Negotiation rule : negotiations.rules().values()) {
      if (rule instanceof Negotiation.Impossible(var why))
        found.add(
            why.contains("for the same peer")
                ? "for the same peer"
                : why.replaceAll(".*where each rule (names one peer).*", "$1"));
    }
    assertThat(found).containsExactlyInAnyOrder(expected.split(", "));
  }

  @Test
  void each_tunnel_may_have_a_key_of_its_own() {
    var rules = new ArrayList<IpsecRule>();
    for (byte i = 1; i < 3; i++) {
      rules.addAll(
          rules(
              new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {i})),
              "require 10.8.0.0/16 <> 10.%d.0.0/16 via 192.0.2.%d".formatted(i, i),
              "{" + i + "}"));
    }
    Negotiations negotiations = of(TestPolicies.of(rules));
    assertThat(negotiations.connections())
        .extracting(c -> ((IkeAuth.SharedKey) c.auth()).owners().toString())
        .containsExactlyInAnyOrder("[192.0.2.1]", "[192.0.2.2]");
  }

  private static List<IpsecRule> rules(AuthMethod method, String rule, String id) {
    return TestPolicies.authenticated(TestPolicies.of(List.of(TestPolicies.rule(id, rule))), method)
        .active()
        .orElseThrow()
        .rules();
  }

  /// Only the first way that works is started with: after a failure no weaker one is tried.
  @Test
  void a_mixed_list_starts_with_its_first_way_and_answers_by_all() {
    var psk = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    var mixed =
        of(
            TestPolicies.authenticated(
                TestPolicies.of("require me <> 10.0.0.0/8"), AuthMethod.Kerberos.KERBEROS, psk));
    assertThat(mixed.connections())
        .extracting(c -> c.auth().getClass().getSimpleName() + " " + c.children().getFirst().role())
        .containsExactly("Certificate START", "SharedKey ANSWER");
  }
}
