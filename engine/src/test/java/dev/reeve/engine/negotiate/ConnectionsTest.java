package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.ike.IkeChild;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.HostPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which connection answers for which rules. charon takes the first one that it can agree on.
class ConnectionsTest {

  /// charon answers by the first connection that shares a main-mode proposal with a peer, whichever
  /// rule the peer has in mind.
  @ParameterizedTest(name = "the other main mode is {0}-{1}-{2}")
  @CsvSource({
    "AES256,     SHA256, MODP2048, true",
    "AES128,     SHA256, MODP2048, false",
  })
  void rules_of_main_modes_that_share_a_proposal_are_answered_by_both(
      Encryption encryption, Integrity integrity, DhGroup group, boolean shared) {
    var other =
        new MainMode(
            false,
            0,
            Duration.ofHours(8),
            List.of(new MainMode.MainModeProposal(encryption, integrity, group)));
    assertThat(
            NegotiationsTest.of(persistent(other, "require me <> any tcp", "require me <> any"))
                .connections())
        .filteredOn(connection -> connection.family() == IpFamily.IPV4)
        .hasSize(2)
        .allSatisfy(connection ->
            assertThat(connection.children())
                .extracting(IkeChild::role)
                .containsExactly(
                    shared
                        ? new IkeChild.Role[] {IkeChild.Role.START, IkeChild.Role.ANSWER}
                        : new IkeChild.Role[] {IkeChild.Role.START}));
  }

  /// Of equally good children charon takes the first one.
  @Test
  void what_a_rule_asks_for_is_answered_by_it_before_the_default_response() {
    assertThat(
            NegotiationsTest.of(persistent(COMMON, "require me <> any", "respond")).connections())
        .filteredOn(connection -> connection.family() == IpFamily.IPV4)
        .extracting(ConnectionsTest::roles)
        .containsExactlyInAnyOrder("START RESPOND", "ANSWER RESPOND");
  }

  /// It has a proposal in common with the default one.
  private static final MainMode COMMON =
      new MainMode(
          false,
          0,
          Duration.ofHours(8),
          List.of(
              new MainMode.MainModeProposal(
                  Encryption.AES256, Integrity.SHA256, DhGroup.MODP2048)));

  /// Two such tunnels between two hosts are told apart by nothing that a first message says.
  @Test
  void tunnels_with_the_same_ends_are_answered_by_both() {
    assertThat(
            NegotiationsTest.of(
                    persistent(
                        COMMON,
                        "require 10.1.0.0/16 <> 10.2.0.0/16 via 192.0.2.1",
                        "require 10.1.0.0/16 <> 10.3.0.0/16 via 192.0.2.1",
                        "require 10.1.0.0/16 <> 10.4.0.0/16 via 192.0.2.2"))
                .connections())
        .extracting(
            connection -> connection.remote().orElseThrow() + " " + roles(connection),
            connection -> connection.children().stream().flatMap(c -> c.remote().stream()).toList())
        .containsExactlyInAnyOrder(
            tuple("192.0.2.1 START ANSWER", List.of("10.2.0.0/16", "10.3.0.0/16")),
            tuple("192.0.2.1 START ANSWER", List.of("10.3.0.0/16", "10.2.0.0/16")),
            tuple("192.0.2.2 START", List.of("10.4.0.0/16")));
  }

  private static HostPolicy persistent(MainMode mainMode, String rule, String... domain) {
    return new HostPolicy(
        TestPolicies.with(mainMode, TestPolicies.of(rule)).domain(),
        TestPolicies.of(domain).domain(),
        Optional.empty(),
        HostSettings.DEFAULTS);
  }

  /// charon is told the lifetime of a main mode and those of its proposals that are not weak.
  @ParameterizedTest(name = "forward secrecy {0}, limit {1}, a weak proposal too {2}")
  @CsvSource({
    "true,  0, false, START START",
    "true,  1, true,  START START",
    "false, 5, false, START",
    "false, 0, true,  START",
  })
  void main_modes_that_are_one_to_charon_are_one_connection(
      boolean secrecy, int limit, boolean weak, String roles) {
    var proposals = new ArrayList<>(MainMode.DEFAULT.proposals());
    if (weak)
      proposals.addFirst(
          new MainMode.MainModeProposal(Encryption.DES3, Integrity.SHA1, DhGroup.MODP1024));
    var other = new MainMode(secrecy, limit, MainMode.DEFAULT.lifetime(), proposals);

    assertThat(
            NegotiationsTest.of(persistent(other, "require me <> any tcp", "require me <> any"))
                .connections())
        .extracting(connection -> connection.family() + " " + roles(connection))
        .containsExactlyInAnyOrder(IpFamily.IPV4 + " " + roles, IpFamily.IPV6 + " " + roles);
  }

  private static String roles(IkeConnection connection) {
    return connection.children().stream()
        .map(child -> child.role().toString())
        .collect(Collectors.joining(" "));
  }

  /// A peer that is the end of a tunnel may ask for what any peer may ask for.
  @Test
  void the_other_end_of_a_tunnel_is_answered_like_any_peer() {
    var both =
        NegotiationsTest.of(
            TestPolicies.of(
                "require 10.1.0.0/16 <> 10.2.0.0/16 via 192.0.2.1",
                "require me <> any",
                "respond"));
    IkeConnection tunnel =
        both.connections().stream().filter(c -> c.ends().isPresent()).findFirst().orElseThrow();
    assertThat(tunnel.children())
        .extracting(child -> child.role() + (child.tunnel().isPresent() ? " tunnel" : ""))
        .containsExactly("START tunnel", "ANSWER", "RESPOND");
  }
}
