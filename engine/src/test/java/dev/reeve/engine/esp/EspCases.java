package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.QuickModeSa;
import dev.reeve.model.status.RuleStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Negotiated rules, judged by what tcpdump sees at the peer. Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EspCases {

  private Optional<EspLab> opened = Optional.empty();

  private EspLab lab() {
    return opened.orElseThrow();
  }

  @BeforeAll
  void open() throws Exception {
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @AfterEach
  void withdraw() throws Exception {
    for (EspLab.Host host : lab().hosts()) host.engine.removeAll();
    for (EspLab.Host host : List.of(lab().a, lab().b)) host.settled().clear();
  }

  private static HostPolicy policy(String name) {
    return switch (name) {
      case "none" -> HostPolicy.EMPTY;
      case "client" -> TestPolicies.of("respond");
      case "server" -> TestPolicies.of("request me <> any", "respond");
      case "secure" -> TestPolicies.of("pass-through me <> any", "respond");
      case "strict" -> TestPolicies.of("require me <> any");
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// Each cell: what the connection looks like at the responder, once it is settled.
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none   | none   | clear
          none   | client | clear
          none   | server | clear
          none   | secure | nothing
          client | none   | clear
          client | client | clear
          client | server | secured
          client | secure | secured
          server | none   | clear
          server | client | secured
          server | server | secured
          server | secure | secured
          secure | none   | nothing
          secure | client | secured
          secure | server | secured
          secure | secure | secured
          strict | strict | secured
          none   | strict | nothing
          strict | none   | nothing
          """)
  void matrix(String from, String to, String cell) throws Exception {
    lab().a.apply(policy(from));
    lab().b.apply(policy(to));

    boolean first = lab().a.reaches(lab().b, 80);

    assertThat(first).isEqualTo(!cell.equals("nothing"));
    if (cell.equals("nothing")) {
      boolean sends = from.equals("none");
      if (!sends) assertThat(lab().b.settled().seen(Kind.CLEAR)).as("clear at the peer").isEmpty();
      assertThat(lab().a.settled().seen(Kind.CLEAR).stream().filter(l -> l.contains(".80 > ")))
          .as("clear answers")
          .isEmpty();
      return;
    }
    // What began in clear is secured from the next connection on, at the latest.
    if (cell.equals("secured")) settle();
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    if (cell.equals("clear")) {
      assertThat(lab().b.settled().count(Kind.SECURED)).isZero();
      assertThat(lab().b.settled().count(Kind.CLEAR)).isPositive();
    } else {
      assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
    }
  }

  /// Until an association stands; a request does not wait for it.
  private void settle() throws Exception {
    Await.until(
        "an association", EspLab.LONG, () -> lab().a.in("ip xfrm state").contains("spi 0xc"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"TCP", "UDP", "IPv6"})
  void a_required_rule_secures_all_traffic(String what) throws Exception {
    lab().a.apply(policy("strict"));
    lab().b.apply(policy("strict"));
    lab().b.settled().clear();

    boolean reached =
        switch (what) {
          case "TCP" -> lab().a.reaches(lab().b, 80);
          case "UDP" -> ask();
          default -> lab().a.reaches(lab().a.v6, lab().b.v6, 80);
        };

    assertThat(reached).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  /// To a client, which drops what comes in clear once there is an association, and to a strict
  /// host, which drops the first packet already.
  @ParameterizedTest(name = "to {0}")
  @CsvSource({"client", "strict"})
  void a_requested_connection_that_began_in_clear_goes_on_secured(String to) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(policy("server"));
    b.apply(policy(to));
    b.settled().clear();

    var talk = CompletableFuture.supplyAsync(() -> a.say("talk " + a.v4 + " " + b.v4 + " 7000 60"));
    while (!talk.isDone()) { // an agent looks every two seconds
      boolean unused = a.engine.needsAttention() | b.engine.needsAttention();
      Thread.sleep(100);
    }

    assertThat(talk.join()).isEqualTo("ok");
    assertThat(b.settled().count(Kind.SECURED)).isPositive();
  }

  /// The first answer may come later than the probe waits.
  private boolean ask() {
    for (int i = 0; i < 8; i++) {
      if (lab().a.say("ask " + lab().a.v4 + " 0 " + lab().b.v4 + " 9000").equals("ok")) return true;
    }
    return false;
  }

  @Test
  void permit_and_block_hold_within_a_required_rule() throws Exception {
    var policy =
        TestPolicies.of(
            "require me <> 10.68.0.0/24",
            "permit me <> 10.68.0.0/24#22 tcp",
            "permit me#22 <> 10.68.0.0/24 tcp",
            "block me <> 10.68.0.0/24#81 tcp",
            "block me#81 <> 10.68.0.0/24 tcp");
    lab().a.apply(policy);
    lab().b.apply(policy);
    lab().b.settled().clear();

    assertThat(lab().a.reaches(lab().b, 22)).isTrue();
    assertThat(lab().b.settled().count(Kind.SECURED)).as("permitted: clear").isZero();
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).as("required").isEmpty();
    assertThat(lab().a.reaches(lab().b, 81)).as("blocked").isFalse();
  }

  /// Of a range just its ports are protected; a less specific rule has the others.
  @ParameterizedTest(name = "a range of ports, IPv{0}")
  @CsvSource({"4", "6"})
  void ranges_of_ports(int family) throws Exception {
    var policy =
        TestPolicies.of(
            "require me#79-8999 <> any tcp",
            "require me <> any#79-8999 tcp",
            "block me#81-90 <> any tcp");
    var applied = lab().a.apply(policy);
    lab().b.apply(policy);
    assertThat(applied.rules())
        .extracting(RuleStatus::state)
        .containsOnly(RuleStatus.State.ENFORCED);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Unchanged.class);
    String from = family == 4 ? lab().a.v4 : lab().a.v6;
    String to = family == 4 ? lab().b.v4 : lab().b.v6;
    lab().b.settled().clear();

    assertThat(lab().a.reaches(from, to, 80)).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
    lab().b.settled().clear();
    assertThat(lab().a.reaches(from, to, 22)).as("outside the range").isTrue();
    assertThat(lab().b.settled().count(Kind.SECURED)).isZero();
    assertThat(lab().a.reaches(from, to, 81)).as("blocked").isFalse();
  }

  /// The filters name one way; the answers are nobody's business.
  @Test
  void a_filter_that_is_not_mirrored_secures_one_way() throws Exception {
    lab().a.apply(TestPolicies.of("require me > 10.68.0.2 tcp"));
    lab().b.apply(TestPolicies.of("require 10.68.0.1 > me tcp"));
    lab().b.settled().clear();

    assertThat(lab().a.reaches(lab().b, 80)).as(lab().a.log()).isTrue();
    List<String> clear = lab().b.settled().seen(Kind.CLEAR);
    assertThat(clear).isNotEmpty().allMatch(line -> line.contains("10.68.0.2.80 > "));
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  /// Nothing leaves in clear from an address that has just appeared; after a look it is secured,
  /// and the next look after it has gone leaves nothing of it behind.
  @ParameterizedTest(name = "an address that comes and goes, {0}")
  @CsvSource({"10.68.0.77/24, 10.68.0.2", "fd68::77/64, fd68::2"})
  void addresses_that_come_and_go(String address, String peer) throws Exception {
    String own = address.substring(0, address.indexOf('/'));
    lab().a.apply(policy("strict"));
    lab().b.apply(policy("strict"));
    String device = address + " dev eth0" + (own.contains(":") ? " nodad" : "");
    lab().a.ip("addr add " + device);
    try {
      lab().b.settled().clear();
      assertThat(lab().a.reaches(own, peer, 80)).isFalse();
      assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
      lab().a.apply(policy("strict"));
      assertThat(lab().a.reaches(own, peer, 80)).as(lab().a.log()).isTrue();
      assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
    } finally {
      lab().a.ip("addr del " + address + " dev eth0");
    }
    lab().a.apply(policy("strict"));
    assertThat(lab().a.in("ip xfrm policy")).doesNotContain(own + "/");
  }

  /// A name means what it resolves to now, a role whom the host has it from now.
  @ParameterizedTest(name = "{0} moves")
  @CsvSource({"name:peer.example", "dns", "gateway", "dhcp", "wins"})
  void who_a_name_or_role_means_may_change(String end) throws Exception {
    var policy = TestPolicies.of("require me <> " + end + " tcp");
    var back = TestPolicies.of("request me <> 10.68.0.1 tcp");
    lab().b.apply(back);
    lab().a.apply(policy, view(lab().c.v4));
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    assertThat(lab().b.settled().count(Kind.SECURED)).as("not meant yet").isZero();
    lab().a.apply(policy, view(lab().b.v4));
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  private static HostView view(String who) {
    var one = List.of(IpAddress.parse(who));
    return new HostView(
        one, one, one, one, Map.of("peer.example", one), List.of(), List.of(), List.of());
  }

  /// Between the same hosts: what goes by PPP and what goes by Ethernet.
  @Test
  void a_rule_for_one_network_type_leaves_the_other_alone() throws Exception {
    Wire dialUp = lab().dialUp();
    for (String type : List.of("remote", "lan")) {
      for (int family : new int[] {4, 6}) {
        var policy = TestPolicies.of("require me <> any on " + type);
        lab().a.apply(policy);
        lab().b.apply(policy);
        lab().b.settled().clear();
        dialUp.clear();
        boolean lan = type.equals("lan");
        String byLan = family == 4 ? "10.68.0." : "fd68::";
        String byPpp = family == 4 ? "10.69.0." : "fd69::";

        assertThat(lab().a.reaches(byLan + 1, byLan + 2, 80)).as(type + " by LAN").isTrue();
        assertThat(lab().a.reaches(byPpp + 1, byPpp + 2, 80)).as(type + " by PPP").isTrue();
        Wire secured = lan ? lab().b.settled() : dialUp;
        Wire clear = lan ? dialUp : lab().b.settled();
        assertThat(secured.count(Kind.SECURED)).as(type + " is secured").isPositive();
        assertThat(secured.seen(Kind.CLEAR)).as(type).isEmpty();
        assertThat(clear.count(Kind.SECURED)).as("the other one").isZero();
        assertThat(clear.count(Kind.CLEAR)).as("the other one").isPositive();
      }
    }
  }

  /// Datagrams that must not be taken apart are refused where they do not fit.
  @ParameterizedTest(name = "large packets, IPv{0}")
  @CsvSource({"4", "6"})
  void large_packets(int family) throws Exception {
    lab().a.apply(policy("strict"));
    lab().b.apply(policy("strict"));
    String from = family == 4 ? lab().a.v4 : lab().a.v6;
    String to = family == 4 ? lab().b.v4 : lab().b.v6;
    lab().b.say("pour 800" + family + " 300000");
    assertThat(lab().a.reaches(from, to, 80)).as(lab().a.log()).isTrue();
    lab().b.settled().clear();

    assertThat(lab().a.say("drink " + from + " " + to + " 800" + family)).isEqualTo("300000");
    String ends = from + " " + to + " 9000 ";
    String big = "big " + ends + "4000"; // the first one may teach the way
    assertThat(lab().a.say(big) + lab().a.say(big)).as("taken apart").endsWith("ok");
    assertThat(lab().a.say("fit " + ends + "1450")).contains("too long");
    assertThat(lab().a.say("fit " + ends + "1300")).isEqualTo("ok");
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  @Test
  void what_was_applied_is_applied_once_and_reported() throws Exception {
    var policy = policy("strict");
    var first = lab().a.apply(policy);

    assertThat(first.rules()).extracting(RuleStatus::state).containsOnly(RuleStatus.State.ENFORCED);
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
    lab().a.in("ip xfrm policy flush");
    assertThat(lab().a.engine.observe().differences()).isNotEmpty();
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
  }

  /// Another CA's certificate under our names, a server's certificate of our own root, even where
  /// its issuer is known: neither is a host's.
  @ParameterizedTest(name = "the certificate of {0} is refused")
  @CsvSource({"a stranger", "a server"})
  void only_the_host_issuers_certificates_count(String who) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    IkeIdentity own = a.identity;
    IkeIdentity others = b.identity;
    try {
      b.identity = who.equals("a server") ? Pki.server() : Pki.stranger();
      a.identity = new IkeIdentity(own.chain(), own.key(), own.issuer(), b.identity.anchors());
      a.apply(policy("strict"));
      b.apply(policy("strict"));
      b.settled().clear();

      assertThat(a.reaches(b, 80)).isFalse();
      assertThat(b.reaches(a, 80)).isFalse();
      assertThat(b.settled().count(Kind.IKE)).isPositive();
      assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(b.settled().count(Kind.SECURED)).isZero();
      assertThat(failure(a, b, PeerFailure.Reason.CERTIFICATE_AUTHORITY).detail())
          .contains("CN=Reeve hosts issuer\", as the rule wants");
    } finally {
      a.identity = own;
      b.identity = others;
      for (EspLab.Host host : List.of(a, b)) host.charon.close(); // forgets what it was given
    }
  }

  @ParameterizedTest(name = "with {0} pre-shared key")
  @CsvSource({"the same, true", "another, false"})
  void pre_shared_keys(String which, boolean works) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    var key = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    byte[] secret = b.secret;
    try {
      if (!works) b.secret = new byte[] {0, 1, 2};
      a.apply(TestPolicies.authenticated(policy("strict"), key));
      b.apply(TestPolicies.authenticated(policy("strict"), key));
      b.settled().clear();

      assertThat(a.reaches(b, 80)).isEqualTo(works);
      assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(b.settled().count(Kind.SECURED) > 0).isEqualTo(works);
      if (!works) {
        assertThat(failure(a, b, PeerFailure.Reason.PRE_SHARED_KEY).downgraded()).isFalse();
        assertThat(failure(b, a, PeerFailure.Reason.PRE_SHARED_KEY).count()).isPositive();
      }
    } finally {
      b.secret = secret;
    }
  }

  /// While datagrams flow without pause, policies are swapped, the kernel's are flushed and charon
  /// is killed: not one leaves in clear, and traffic is secured again afterwards.
  @Test
  void nothing_leaks_while_policies_change_and_charon_dies() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    HostPolicy plain = policy("strict");
    HostPolicy more =
        TestPolicies.of(
            "require me <> any", "block me#23 <> any tcp", "require me <> 10.68.0.2 udp");
    a.apply(plain);
    b.apply(plain);
    assertThat(a.reaches(b, 80)).isTrue();
    b.settled().clear();
    long before = b.count(9000);
    a.say("flood " + b.v4 + " 9000");
    for (int i = 0; i < 6; i++) a.apply(i % 2 == 0 ? more : plain);
    a.in("ip xfrm policy flush");
    a.apply(plain);
    a.charon.kill();
    assertThat(a.engine.needsAttention()).isTrue();
    a.apply(plain);
    assertThat(a.engine.needsAttention()).isFalse();
    long sent = Long.parseLong(a.say("stop"));

    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(sent).isGreaterThan(500);
    assertThat(b.count(9000)).isGreaterThan(before);
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
  }

  private static HostPolicy with(HostPolicy policy, Map<HostSetting, Integer> numbers) {
    var values = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    numbers.forEach((setting, number) -> values.put(setting, JsonValue.of(number)));
    return new HostPolicy(
        policy.persistent(), policy.domain(), policy.local(), new HostSettings(values));
  }

  /// Kerberos passes in clear at level 0, beside an association, and is secured from level 1 on.
  @Test
  void exemption_levels_hold_for_the_kernels_policies_too() throws Exception {
    for (int level : new int[] {0, 1}) {
      HostPolicy policy = with(policy("strict"), Map.of(HostSetting.IPSEC_EXEMPT, level));
      lab().a.apply(policy);
      lab().b.apply(policy);
      assertThat(lab().a.reaches(lab().b, 80)).as(lab().a.log()).isTrue();
      lab().b.settled().clear();
      assertThat(lab().a.reaches(lab().b, 88)).isTrue();
      if (level == 0) {
        assertThat(lab().b.settled().seen(Kind.SECURED)).isEmpty();
        assertThat(lab().b.settled().count(Kind.CLEAR)).isPositive();
      } else {
        assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
        assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
      }
    }
  }

  private static List<String> spis(EspLab.Host host) {
    return host.in("ip xfrm state").lines().filter(l -> l.contains(" spi 0x")).sorted().toList();
  }

  private static long dropsLogged() {
    return EspLab.run("", "dmesg").lines().filter(l -> l.contains("reeve drop r1 ")).count();
  }

  @Test
  void logging_and_diagnostics_change_at_run_time_and_leave_associations_alone() throws Exception {
    HostPolicy quiet = policy("strict");
    HostPolicy loud =
        with(quiet, Map.of(HostSetting.IKE_LOGGING, 1, HostSetting.IPSEC_DIAGNOSTICS, 7));
    EspLab.Host b = lab().b;
    lab().a.apply(quiet);
    b.apply(quiet);
    assertThat(lab().a.reaches(b, 80)).isTrue();
    List<String> associations = spis(b);
    // The kernel's log tells of the first namespace alone, unless it is told otherwise.
    Path everywhere = Path.of("/proc/sys/net/netfilter/nf_log_all_netns");
    String before = Files.readString(everywhere).strip();
    Files.writeString(everywhere, "1");
    try {
      long none = dropsLogged();
      assertThat(lab().c.reaches(b, 80)).isFalse();
      assertThat(dropsLogged()).as("level 0").isEqualTo(none);
      assertThat(b.log()).doesNotContain("vici client");

      b.apply(loud);
      assertThat(lab().c.reaches(b, 80)).isFalse();
      assertThat(dropsLogged()).as("level 7").isGreaterThan(none);
      assertThat(b.apply(loud)).isInstanceOf(ApplyOutcome.Unchanged.class);
      assertThat(b.log()).as("ikeLogging 1").contains("vici client");

      b.apply(quiet);
      long some = dropsLogged();
      int lines = b.log().split("vici client", -1).length;
      assertThat(lab().c.reaches(b, 80)).isFalse();
      b.apply(quiet);
      assertThat(dropsLogged()).as("level 0 again").isEqualTo(some);
      assertThat(b.log().split("vici client", -1)).as("ikeLogging 0 again").hasSize(lines);
    } finally {
      Files.writeString(everywhere, before);
    }
    assertThat(spis(b)).isEqualTo(associations);
    assertThat(lab().a.reaches(b, 80)).isTrue();
    assertThat(spis(b)).isEqualTo(associations);
  }

  /// With that peer; who only sends marks is another one.
  private static List<PeerFailure> failures(EspLab.Host at, EspLab.Host with) {
    return at.engine.failures().stream().filter(f -> f.peer().equals(with.v4)).toList();
  }

  /// Until one host knows, for that reason, why it cannot agree with the other.
  private PeerFailure failure(EspLab.Host at, EspLab.Host with, PeerFailure.Reason reason)
      throws Exception {
    return Await.value(
        at.name + " to know of " + reason,
        EspLab.LONG,
        () -> failures(at, with).stream().filter(f -> f.reason() == reason).findFirst());
  }

  private static HostPolicy group(DhGroup group, HostPolicy policy) {
    var proposal = new MainModeProposal(Encryption.AES256, Integrity.SHA256, group);
    var mainMode = new MainMode(false, 0, Duration.ofHours(8), List.of(proposal));
    return TestPolicies.with(mainMode, policy);
  }

  @Test
  void a_group_that_the_peer_does_not_share_is_named() throws Exception {
    lab().a.apply(group(DhGroup.MODP2048, policy("strict")));
    lab().b.apply(group(DhGroup.CURVE25519, policy("strict")));
    assertThat(lab().a.reaches(lab().b, 80)).isFalse();

    PeerFailure asked = failure(lab().b, lab().a, PeerFailure.Reason.MAIN_MODE_PROPOSAL);
    assertThat(asked.detail())
        .isEqualTo(
            "DH group: the peer has only group 14 (2048 bits), this host wants group 31"
                + " (Curve25519)");
    assertThat(asked.downgraded()).isFalse();
    PeerFailure asking = failure(lab().a, lab().b, PeerFailure.Reason.MAIN_MODE_PROPOSAL);
    assertThat(asking.detail()).contains("aes256-sha256-modp2048 (DH group 14 (2048 bits))");
  }

  /// Under a request the traffic goes on in clear, and that is said; it is over once they agree.
  @Test
  void a_peer_that_is_downgraded_is_reported_until_it_is_secured() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(group(DhGroup.MODP2048, policy("server")));
    b.apply(group(DhGroup.CURVE25519, policy("server")));
    assertThat(a.reaches(b, 80)).isTrue();
    assertThat(failure(a, b, PeerFailure.Reason.MAIN_MODE_PROPOSAL).downgraded()).isTrue();
    assertThat(a.engine.observe().activity().traffic().getFirst().clear().packets()).isPositive();

    b.apply(group(DhGroup.MODP2048, policy("server")));
    Await.until(
        "b to be no failure any more",
        EspLab.LONG,
        () -> {
          a.reaches(b, 80);
          return failures(a, b).isEmpty();
        });
    assertThat(a.engine.observe().activity().quickModes()).isNotEmpty();
  }

  @Test
  void a_peer_that_does_not_answer_is_named() throws Exception {
    lab().a.apply(policy("strict"));
    assertThat(lab().a.reaches(lab().c, 80)).isFalse();
    PeerFailure failure = failure(lab().a, lab().c, PeerFailure.Reason.NO_ANSWER);
    assertThat(failure.detail()).contains("does not answer IKE");
  }

  /// The numbers that people see are those on the wire.
  @Test
  void associations_are_shown_as_the_wire_has_them() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(policy("strict"));
    b.apply(policy("strict"));
    for (int i = 0; i < 10 && !a.reaches(b, 80); i++) b.settled().clear();
    b.settled().clear();
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();

    IpsecActivity there = a.engine.observe().activity();
    IpsecActivity here = b.engine.observe().activity();
    MainModeSa mainMode = there.mainModes().getFirst();
    assertThat(mainMode.remote()).isEqualTo(b.v4);
    assertThat(mainMode.remoteId()).contains("CN=host b");
    assertThat(mainMode.authentication()).isEqualTo("certificate");
    QuickModeSa quickMode = there.quickModes().getFirst();
    assertThat(quickMode.mainMode()).isEqualTo(mainMode.id());
    assertThat(quickMode.protocol()).isEqualTo("ESP");
    assertThat(quickMode.rules()).containsExactly("rule {R1}");
    assertThat(quickMode.packetsOut()).isPositive();
    assertThat(here.quickModes())
        .anySatisfy(other -> {
          assertThat(other.spiIn()).isEqualTo(quickMode.spiOut());
          assertThat(other.spiOut()).isEqualTo(quickMode.spiIn());
        });
    assertThat(b.settled().seen(Kind.SECURED))
        .anyMatch(packet -> packet.contains("spi=0x" + quickMode.spiOut()));
    assertThat(there.statistics()).containsEntry("ike.associations", 1L);
    assertThat(a.engine.endAssociations(Optional.empty())).isEqualTo(1);
    assertThat(a.engine.observe().activity().quickModes()).isEmpty();
  }
}
