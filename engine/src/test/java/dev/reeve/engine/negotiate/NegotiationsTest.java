package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Pki;
import dev.reeve.engine.ike.IkeChild.Ends;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiationsTest {

  static final List<OwnAddress> OWN =
      List.of(
          OwnAddress.onLan(IpAddress.parse("10.0.0.1")),
          OwnAddress.onLan(IpAddress.parse("2001:db8::1")),
          new OwnAddress(IpAddress.parse("172.16.0.1"), NetworkType.REMOTE));

  static Optional<IpAddress> towards(IpAddress peer) {
    return Optional.of(
        IpAddress.parse(peer.family() == IpFamily.IPV4 ? "10.0.0.1" : "2001:db8::1"));
  }

  static Means means() {
    return new Means(
        Optional.empty(),
        OWN,
        NegotiationsTest::towards,
        Optional.of(Pki.host("host-a")),
        List.of(),
        sealed -> Optional.of(new IkeSecret(sealed.toBytes())),
        Optional.empty(),
        Optional.empty(),
        _ -> false);
  }

  static Negotiations of(HostPolicy policy) {
    return of(policy, means());
  }

  static Negotiations of(HostPolicy policy, Means means) {
    return Negotiations.of(
        policy, SymbolicSpd.of(policy).resolve(HostView.NONE), HostView.NONE, means);
  }

  static Negotiation only(Negotiations negotiations) {
    assertThat(negotiations.rules()).hasSize(1);
    return negotiations.rules().values().iterator().next();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          require me <> 10.0.0.0/8                        | possible
          request me <> any                               | possible
          require me#1000-1063 <> 10.0.0.0/8 tcp          | possible
          require me#1000-65535 <> 10.0.0.0/8 tcp         | possible
          require me#1-65534 <> 10.0.0.0/8#1-65534 tcp    | filter me port 1-65534 <-> 10.0.0.0/8 port 1-65534 tcp has ranges at both ends that take more than 64 policies
          require me <> 10.0.0.0/8 on lan                 | possible
          require 10.0.0.1 <> 10.0.0.0/8 on remote        | none of this host's addresses is an end of its filters now
          require 10.1.0.0/16 > 10.2.0.0/16 via 192.0.2.1 | possible
          require 10.2.0.0/16 > 10.1.0.0/16 via 10.0.0.1  | no tunnel rule says where the answers to its traffic go
          require 10.2.0.0/16 > 10.1.0.0/16 via me        | no tunnel rule says where the answers to its traffic go
          require 10.1.0.0/16 > any via name:gw.example   | the other end of its tunnel has no address now
          require 10.1.0.0/16 > any on remote via 192.0.2.1 | the way to 192.0.2.1 is not of network type remote
          require 10.1.0.0/16 <> 10.2.0.0/16              | none of this host's addresses is an end of its filters now
          require-ah me <> 10.0.0.0/8                     | possible
          require-both me <> 10.0.0.0/8                   | possible
          require-both 10.1.0.0/16 > 10.2.0.0/16 via 192.0.2.1 | possible
          weak me <> 10.0.0.0/8                           | no offer can be used: a weak offer, and legacy is off
          """)
  void a_rule_can_be_negotiated_or_it_says_why_not(String rule, String expected) {
    switch (only(of(TestPolicies.of(rule)))) {
      case Negotiation.Possible _ -> assertThat("possible").isEqualTo(expected);
      case Negotiation.Impossible(var reason) -> assertThat(reason).isEqualTo(expected);
    }
  }

  /// charon writes the policies of the ESP; with those of the AH it would replace them.
  @Test
  void a_default_response_has_ah_around_esp_too() {
    Negotiations both = of(TestPolicies.of("respond-both"));
    assertThat(both.responsesInAh()).hasSize(2).isEqualTo(both.inAh());
    IkeConnection one = both.connections().getFirst();
    ViciMessage told = one.toVici().section(one.name()).section("children");
    assertThat(one.children())
        .extracting(child -> child.kind() + " " + told.section(child.name()).text("policies"))
        .containsExactly("ESP yes", "AH_AROUND_ESP no");
  }

  /// The two rules of a tunnel have one association, and one name as often as not; ESP and the AH
  /// around it are two of the same rule.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          require 10.1.0.0/16 > 10.2.0.0/16 via 192.0.2.1; require 10.2.0.0/16 > 10.1.0.0/16 via 10.0.0.1 | 1 | branch
          require-both me <> 10.0.0.1                                                                     | 2 | branch
          respond-both                                                                                    | 4 | default response
          """)
  void associations_have_the_names_of_their_rules_once(String rules, int ids, String name) {
    String[] texts = rules.split("; ");
    HostPolicy policy =
        rules.startsWith("respond")
            ? TestPolicies.of(texts)
            : TestPolicies.of(
                IntStream.range(0, texts.length)
                    .mapToObj(i -> TestPolicies.rule("{R" + i + "}", "branch", texts[i]))
                    .toList());
    Spd spd = SymbolicSpd.of(policy).resolve(HostView.NONE);
    Map<Long, List<String>> names =
        Negotiations.of(policy, spd, HostView.NONE, means()).ruleNames(spd);
    assertThat(names).hasSize(ids).allSatisfy((_, all) -> assertThat(all).containsExactly(name));
  }

  /// Two associations, one around the other, that IKE agrees on apart.
  @Test
  void ah_around_esp_is_two_children_and_one_policy() {
    Negotiations both = of(TestPolicies.of("require-both me <> 10.0.0.2 tcp"));
    long reqid = both.inAh().iterator().next();
    assertThat(both.allReqids()).containsExactlyInAnyOrder(reqid, reqid + 0x4000_0000L);
    assertThat(both.connections().getFirst().children())
        .extracting(child -> child.kind() + " " + child.reqid() + " " + child.proposals())
        .containsExactly(
            "ESP " + reqid + " [aes256gcm16]",
            "AH_AROUND_ESP " + (reqid + 0x4000_0000L) + " [sha256]");
    assertThat(both.policies())
        .filteredOn(p -> p.action() instanceof XfrmPolicy.Action.Protect)
        .extracting(p -> p.toUpdate().replaceFirst("priority \\d+ ", ""))
        .contains(
            "xfrm policy update dir out src 10.0.0.1/32 dst 10.0.0.2/32 proto 6 tmpl proto esp reqid "
                + reqid
                + " mode transport level required tmpl proto ah reqid "
                + (reqid + 0x4000_0000L)
                + " mode transport level required");
  }

  /// Both in tunnel mode, for the traffic of those behind it.
  @Test
  void ah_around_the_esp_of_a_tunnel_is_a_tunnel_too() {
    Negotiations both = of(TestPolicies.of("require-both 10.1.0.0/16 > 10.2.0.0/16 via 192.0.2.1"));
    long reqid = both.inAh().iterator().next();
    assertThat(both.connections().getFirst().children())
        .extracting(
            child -> child.kind() + " " + child.local() + " " + child.tunnel().orElseThrow())
        .containsExactly(
            "ESP [10.1.0.0/16] 10.0.0.1-192.0.2.1",
            "AH_AROUND_ESP [10.1.0.0/16] 10.0.0.1-192.0.2.1");
    String ends = "src 10.0.0.1 dst 192.0.2.1";
    assertThat(both.policies())
        .filteredOn(p -> p.action() instanceof XfrmPolicy.Action.Protect)
        .extracting(p -> p.toUpdate().replaceFirst("priority \\d+ ", ""))
        .containsExactly(
            "xfrm policy update dir out src 10.1.0.0/16 dst 10.2.0.0/16 tmpl %s proto esp reqid %d mode tunnel level required tmpl %s proto ah reqid %d mode tunnel level required"
                .formatted(ends, reqid, ends, reqid + 0x4000_0000L));
  }

  /// What the two rules of a tunnel and a mirrored one tell the kernel and charon.
  @Test
  void two_one_way_rules_are_the_tunnel_that_one_mirrored_rule_is() {
    var pair =
        of(
            TestPolicies.of(
                "require 10.1.0.0/16 > 10.2.0.0/16 via 192.0.2.1",
                "require 10.2.0.0/16 > 10.1.0.0/16 via me"));
    var mirrored = of(TestPolicies.of("require 10.1.0.0/16 <> 10.2.0.0/16 via 192.0.2.1"));
    long reqid = pair.allReqids().iterator().next();

    assertThat(pair.policies())
        .filteredOn(p -> p.action() instanceof XfrmPolicy.Action.Protect)
        .extracting(p -> p.toUpdate().replaceFirst("priority \\d+ ", ""))
        .containsExactly(
            "xfrm policy update dir out src 10.1.0.0/16 dst 10.2.0.0/16 tmpl src 10.0.0.1 dst"
                + (" 192.0.2.1 proto esp reqid " + reqid + " mode tunnel level required"),
            "xfrm policy update dir in src 10.2.0.0/16 dst 10.1.0.0/16 tmpl src 192.0.2.1 dst"
                + (" 10.0.0.1 proto esp reqid " + reqid + " mode tunnel level required"),
            "xfrm policy update dir fwd src 10.2.0.0/16 dst 10.1.0.0/16 tmpl src 192.0.2.1 dst"
                + (" 10.0.0.1 proto esp reqid " + reqid + " mode tunnel level required"));
    assertThat(mirrored.policies()).isEqualTo(pair.policies());
    assertThat(mirrored.connections().getFirst().toVici())
        .isEqualTo(pair.connections().getFirst().toVici());
    assertThat(pair.connections()).hasSize(1);
    assertThat(pair.connections().getFirst().toVici().toString())
        .contains("local_addrs=[10.0.0.1]", "remote_addrs=[192.0.2.1]", "mode=tunnel");
  }

  /// The rule for what comes in may name the address; it is this host's end then.
  @Test
  void a_tunnel_ends_where_its_rules_say() {
    var named =
        of(
            TestPolicies.of(
                "require 10.1.0.0/16 > 10.2.0.0/16 via 192.0.2.1",
                "require 10.2.0.0/16 > 10.1.0.0/16 via 172.16.0.1"));
    assertThat(named.connections().getFirst().ends())
        .contains(new Ends(IpAddress.parse("172.16.0.1"), IpAddress.parse("192.0.2.1")));
  }

  /// Exemptions stand before what is negotiated, but not before a tunnel; what is more specific
  /// than the tunnel does.
  @Test
  void exemptions_end_at_a_tunnel() {
    var policies =
        of(TestPolicies.of(
                "require 10.1.0.0/16 <> 10.2.0.0/16 via 192.0.2.1",
                "permit 10.1.0.0/16 <> 10.2.0.5#22 tcp",
                "require me <> any"))
            .policies();
    var order =
        policies.stream()
            .filter(p -> p.direction() == XfrmPolicy.Direction.OUT)
            .map(NegotiationsTest::sort)
            .distinct();
    assertThat(order)
        .containsExactly("neighbours", "never", "permit", "Tunnel", "exempt", "Transport");
  }

  @Test
  void also_those_for_the_same_packets() {
    HostPolicy policy =
        TestPolicies.with(
            Map.of(HostSetting.IPSEC_EXEMPT, 0),
            TestPolicies.of("require any <> any#88 tcp via 192.0.2.1"));
    assertThat(of(policy).policies())
        .filteredOn(p -> p.direction() == XfrmPolicy.Direction.OUT)
        .filteredOn(p -> p.selector().toString().endsWith("/0 proto 6 dport 88"))
        .extracting(NegotiationsTest::sort)
        .containsOnly("Tunnel");
  }

  private static String sort(XfrmPolicy policy) {
    if (policy.action() instanceof XfrmPolicy.Action.Protect protect) {
      return protect.mode() instanceof XfrmPolicy.Mode.Tunnel ? "Tunnel" : "Transport";
    }
    return switch (policy.selector().protocol()) {
      case 6 -> "permit";
      case 17 -> "exempt";
      case 58 -> "neighbours";
      default -> "never";
    };
  }

  @Test
  void without_means_nothing_is_told_to_anybody() {
    var nothing = of(TestPolicies.of("require me <> any", "respond"), Means.none("no charon"));
    assertThat(nothing.connections()).isEmpty();
    assertThat(nothing.policies()).isEmpty();
    assertThat(nothing.protections()).isEmpty();
    assertThat(nothing.responses().values()).containsOnly(new Negotiation.Impossible("no charon"));
  }

  private static final QuickModeOffer LONG =
      offer(Encryption.AES256_GCM, Duration.ofHours(2), 5_000);
  private static final QuickModeOffer SHORT =
      offer(Encryption.AES128_GCM, Duration.ofHours(1), 9_000);

  private static QuickModeOffer offer(Encryption encryption, Duration lifetime, long kilobytes) {
    return new QuickModeOffer(
        Optional.of(new Esp(encryption, Integrity.NONE)),
        Optional.empty(),
        lifetime,
        kilobytes,
        PerfectForwardSecrecy.None.NONE);
  }

  private static HostPolicy offering(MainMode mainMode, QuickModeOffer... offers) {
    var rule = TestPolicies.rule("{R1}", "require me <> any");
    return TestPolicies.with(
        mainMode, TestPolicies.of(List.of(TestPolicies.offering(rule, offers))));
  }

  /// Nobody knows which offer a peer takes: no key lives longer than any of them says.
  @Test
  void the_shortest_life_of_all_offers_counts() {
    assertThat(of(offering(MainMode.DEFAULT, LONG, SHORT)).connections())
        .flatExtracting(IkeConnection::children)
        .isNotEmpty()
        .allMatch(child ->
            child.lifetime().equals(SHORT.lifetime()) && child.kilobytes() == LONG.kilobytes());
  }

  /// `PFS, LIMIT` of main mode; what is proposed for quick mode, and what the rule's status says.
  @ParameterizedTest(name = "forward secrecy {0}, limit {1}")
  @CsvSource({
    "false, 0, aes256gcm16, ''",
    "true,  1, aes256gcm16-ecp384-curve25519-modp2048, ''",
    "false, 5, aes256gcm16, 'its limit of 5 quick modes per main mode is not enforced: IKEv2 has"
        + " none'"
  })
  void a_main_mode_for_each_quick_mode_is_an_exchange_in_each(
      boolean secrecy, int limit, String proposal, String note) {
    var mainMode = new MainMode(secrecy, limit, Duration.ofHours(8), MainMode.DEFAULT.proposals());
    Negotiations negotiations = of(offering(mainMode, LONG));
    assertThat(negotiations.connections())
        .flatExtracting(IkeConnection::children)
        .isNotEmpty()
        .allMatch(child -> child.proposals().equals(List.of(proposal)));
    assertThat(((Negotiation.Possible) only(negotiations)).notes())
        .isEqualTo(note.isEmpty() ? List.of() : List.of(note));
    assertThat(negotiations.allReqids().equals(of(offering(MainMode.DEFAULT, LONG)).allReqids()))
        .isEqualTo(!secrecy);
  }

  @Test
  void another_rule_leaves_the_request_id_alone_and_other_terms_change_it() {
    var rule = "require me <> 10.0.0.0/8";
    var one = of(TestPolicies.of(rule));
    var two = of(TestPolicies.of(rule, "block any <> me#23 tcp", "request me <> 10.9.0.0/16"));
    assertThat(two.allReqids()).isEqualTo(one.allReqids());

    var psk = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    var other = of(TestPolicies.authenticated(TestPolicies.of(rule), psk));
    assertThat(other.allReqids()).doesNotContainAnyElementsOf(one.allReqids());
    assertThat(one.allReqids())
        .allMatch(id -> XfrmState.FIRST_REQID <= id && id <= XfrmState.LAST_REQID);
  }

  @Test
  void a_more_specific_entry_has_the_better_priority_and_all_are_in_our_band() {
    var policies =
        of(TestPolicies.of("require me <> any", "permit me <> 10.0.0.5#22 tcp", "block me <> any"))
            .policies();
    assertThat(policies).isNotEmpty().allMatch(XfrmPolicy::isOurs);
    long permit =
        policies.stream()
            .filter(p -> p.selector().protocol() == 6)
            .mapToLong(XfrmPolicy::priority)
            .max()
            .orElseThrow();
    assertThat(policies)
        .filteredOn(p -> p.action() instanceof XfrmPolicy.Action.Protect)
        .isNotEmpty()
        .allMatch(p -> p.priority() > permit);
  }

  @Test
  void a_permit_is_no_policy_of_the_kernel_unless_it_lies_within_what_is_negotiated() {
    var apart =
        of(TestPolicies.of("require me <> 10.1.0.0/16", "permit me <> 10.2.0.5#22 tcp")).policies();
    assertThat(apart).noneMatch(p -> p.selector().protocol() == 6);
  }

  @Test
  void nothing_of_the_directorys_text_reaches_charon_or_ip() {
    String evil = "x\"; load-conn { } \n action allow";
    var policy =
        TestPolicies.of(
            List.of(TestPolicies.rule("{" + evil + "}", evil, "require me <> 10.0.0.0/8")));
    var negotiations = of(policy);
    assertThat(negotiations.connections()).isNotEmpty();
    for (IkeConnection connection : negotiations.connections()) {
      assertThat(connection.toVici().toString())
          .doesNotContain("action allow")
          .doesNotContain("\"");
    }
    assertThat(negotiations.policies()).noneMatch(p -> p.toUpdate().contains("load-conn"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.5-10.0.0.5, 10.0.0.5",
    "10.0.0.0-10.0.0.255, 10.0.0.0/24",
    "10.0.0.1-10.0.0.6, 10.0.0.1 10.0.0.2/31 10.0.0.4/31 10.0.0.6",
    "0.0.0.0-255.255.255.255, 0.0.0.0/0",
    "2001:db8::-2001:db8::2, 2001:db8::/127 2001:db8::2",
  })
  void a_range_is_its_prefixes(String range, String prefixes) {
    assertThat(Sides.prefixes(AddressRange.parse(range)))
        .extracting(Object::toString)
        .containsExactly(prefixes.split(" "));
  }
}
