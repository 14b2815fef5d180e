package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.spd.HostPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A host under a flood of first messages of IKE from addresses that do not exist. Run by [EspIT]
/// on a kernel with ESP.
class EspFloodCases extends InEspLab {

  private static final HostPolicy ALL =
      TestPolicies.of("require me <> 10.68.0.0/24, me <> fd68::/64");
  private static final int COUNT = 300_000; // never reached: the flood ends with the test
  private static final int RATE = 500;
  private static final Duration AGENT_LOOKS = Duration.ofMillis(500);

  private Optional<EspLab.Host> stranger = Optional.empty();

  /// Where floods come from: never has a policy, for the kernel would secure them.
  private EspLab.Host stranger() {
    return stranger.orElseThrow();
  }

  @BeforeAll
  void openStranger() throws Exception {
    stranger = Optional.of(lab().new Host("f", Pki.host("host-c"), 68, 5, lab().lan));
    // Answers go there, and end there.
    lab().b.ip("route add 198.18.0.0/16 via " + stranger().v4);
    lab().b.ip("-6 route add fd98::/64 via " + stranger().v6);
  }

  /// What each charon knows of half-open associations, so that the next flood is its first.
  @Override
  void forget() {
    for (EspLab.Host host : lab().hosts()) host.charon.close();
  }

  /// Cookies are asked for while it lasts, and then of everybody: those who came before were asked
  /// for none. The scenario `spoofed-flood` has it with a server and agents, and charon's memory.
  @ParameterizedTest(name = "a flood over IPv{0}")
  @ValueSource(ints = {4, 6})
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  void a_flood_of_spoofed_first_messages_harms_nobody(int family) throws Exception {
    EspLab lab = lab();
    String a = lab.a.own(family);
    String b = lab.b.own(family);
    String c = lab.c.own(family);
    Wire cookies = cookies(b);
    lab.a.apply(ALL);
    lab.b.apply(ALL);
    assertThat(lab.a.reaches(lab.b, family, 80)).as(lab.a.log()).isTrue();
    String settings = Files.readString(settingsOf(lab.b));
    assertThat(settings)
        .contains("cookie_threshold = 30")
        .contains("block_threshold = 10")
        .contains("init_limit_half_open = 500")
        .contains("half_open_timeout = 15");
    long before = resident(lab.b);
    lab.b.settled().clear();

    try (var flooder = new Flooder(stranger().within(), b, COUNT, RATE)) {
      awaitHalfOpen(lab.b);
      rekey(lab.a);
      for (int i = 0; i < 5; i++) {
        assertThat(lab.a.say("ask " + a + " 0 " + b + " 9000")).isEqualTo("ok");
      }
      assertThat(lab.b.settled().naming(a + ".")).filteredOn(EspFloodCases::isClear).isEmpty();

      lab.c.apply(ALL);
      assertThat(lab.c.reaches(lab.b, family, 80)).as("a new peer: " + lab.c.log()).isTrue();
      assertThat(lab.b.in("ip xfrm state")).contains("src " + c + " dst " + b);
      assertThat(halfOpen(lab.b)).as("cookies: without them 500").isLessThan(100);
      assertThat(flooder.isRunning()).as("the flood outlasts all that").isTrue();
    }

    Await.until(
        "a cookie asked of the new peer", EspLab.LONG, () -> !cookies.naming(c + ".500").isEmpty());
    assertThat(cookies.naming(family == 4 ? "198.18." : "fd98:")).hasSizeGreaterThan(100);
    assertThat(cookies.naming(a + ".")).as("asked before the flood").isEmpty();
    assertThat(resident(lab.b) - before).as("kB more than before").isLessThan(16_384);
    assertThat(lab.a.reaches(lab.b, family, 80)).isTrue();
  }

  /// Heard as often as an agent hears it: what nobody hears charon keeps, 300 bytes for each
  /// message.
  @Test
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  void its_memory_stays_bounded() throws Exception {
    EspLab lab = lab();
    Wire cookies = cookies(lab.b.v4);
    lab.b.apply(ALL);
    try (var flooder = new Flooder(stranger().within(), lab.b.v4, COUNT, 1000)) {
      awaitCookies(cookies, 4000);
      long before = resident(lab.b);
      awaitCookies(cookies, 16_000);
      assertThat(resident(lab.b) - before).as("kB for 12,000 messages").isLessThan(1000);
      assertThat(flooder.isRunning()).isTrue();
    }
  }

  private void awaitCookies(Wire cookies, int count) throws Exception {
    var due = new long[] {System.nanoTime()};
    Await.until(
        count + " cookies",
        Duration.ofMinutes(4), // beside other guests
        () -> {
          if (System.nanoTime() >= due[0]) {
            boolean unused = lab().b.engine.needsAttention();
            due[0] = System.nanoTime() + AGENT_LOOKS.toNanos();
          }
          return cookies.naming("198.18.").size() >= count;
        });
  }

  /// Cookies do not keep out who has an address of his own: not more than ten of his main modes
  /// wait for him to go on, and he is heard again when they have been given up.
  @ParameterizedTest(name = "main modes that are begun only, IPv{0}")
  @ValueSource(ints = {4, 6})
  void one_address_has_so_many_half_open_main_modes_and_no_more(int family) throws Exception {
    EspLab lab = lab();
    String b = lab.b.own(family);
    lab.a.apply(ALL);
    lab.b.apply(ALL);
    assertThat(begins(b, 13, 1)).isEqualTo(10);
    assertThat(halfOpen(lab.b)).isEqualTo(10);
    assertThat(lab.a.reaches(lab.b, family, 80)).as("another: " + lab.a.log()).isTrue();
    var seed = new int[] {1};
    Await.until("it to be heard again", EspLab.LONG, () -> begins(b, 1, ++seed[0]) == 1);
  }

  private int begins(String to, int count, int seed, String... from) throws Exception {
    return Flooder.begins(stranger().within(), to, count, seed, List.of(from));
  }

  /// Nor do many addresses fill its memory; what stands goes on meanwhile.
  @Test
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  void all_together_have_so_many_half_open_main_modes_and_no_more() throws Exception {
    EspLab lab = lab();
    lab.a.apply(ALL);
    lab.b.apply(ALL);
    assertThat(lab.a.reaches(lab.b, 80)).as(lab.a.log()).isTrue();
    var addresses = IntStream.range(100, 151).mapToObj(n -> "10.68.0." + n).toList();
    for (String one : addresses) stranger().ip("addr add " + one + "/24 dev eth0");

    // They are given up after 15 s, so it must not take longer.
    int begun =
        IntStream.range(0, 5)
            .parallel()
            .map(n ->
                Flooder.begins(
                    stranger().within(), lab.b.v4, 10, n, addresses.subList(n * 10, n * 10 + 10)))
            .sum();
    assertThat(begun).isEqualTo(500);
    assertThat(halfOpen(lab.b)).isEqualTo(500);
    assertThat(begins(lab.b.v4, 2, 9, addresses.getLast())).as("one address more").isZero();
    assertThat(lab.a.say("ask " + lab.a.v4 + " 0 " + lab.b.v4 + " 9000")).isEqualTo("ok");
    Await.until(
        "it to be heard", EspLab.LONG, () -> begins(lab.b.v4, 1, 9, addresses.getLast()) == 1);
  }

  /// What b answers first messages with that bring no cookie: a notification of that type (RFC 7296
  /// §2.6), the first payload of its message.
  private Wire cookies(String b) {
    int ip = b.contains(":") ? 40 : 20;
    int type = ip + 8 + 28 + 6;
    Wire wire =
        Wire.tap(
            lab().lan,
            "port-b",
            "of nobody",
            "src host %s and %s[%d] = 41 and %2$s[%d:2] = 16390"
                .formatted(b, b.contains(":") ? "ip6" : "ip", ip + 8 + 16, type));
    lab().later(wire);
    return wire;
  }

  private static boolean isClear(String line) {
    return !line.contains("ESP(") && !line.contains(".500 > ") && !line.contains(".4500 > ");
  }

  private static void awaitHalfOpen(EspLab.Host host) throws Exception {
    Await.until("a flood that is met with cookies", EspLab.LONG, () -> halfOpen(host) >= 30);
  }

  private static ViciMessage ask(EspLab.Host host, String command, ViciMessage question)
      throws Exception {
    try (var client = ViciClient.connect(host.charon.ensure())) {
      return client.ask(command, question);
    }
  }

  private static long halfOpen(EspLab.Host host) throws Exception {
    return Long.parseLong(
        ask(host, "stats", ViciMessage.EMPTY).section("ikesas").find("half-open").orElseThrow());
  }

  private static Path settingsOf(EspLab.Host host) throws Exception {
    return host.charon.ensure().resolveSibling("strongswan.conf");
  }

  /// What tells one generation of keys from the next.
  private record Generation(Set<String> mainModes, Set<String> quickModes) {

    static Generation of(EspLab.Host host) throws Exception {
      var mainModes = new TreeSet<String>();
      var quickModes = new TreeSet<String>();
      try (var client = ViciClient.connect(host.charon.ensure())) {
        for (ViciMessage listed : client.stream("list-sas", "list-sa", ViciMessage.EMPTY)) {
          for (var ike : listed.sections()) {
            mainModes.add(ike.content().text("uniqueid"));
            for (var child : ike.content().section("child-sas").sections())
              quickModes.add(child.content().text("spi-in"));
          }
        }
      }
      return new Generation(mainModes, quickModes);
    }

    /// Nothing of the one before is left, and there is something.
    boolean follows(Generation before) {
      return follow(before.mainModes, mainModes) && follow(before.quickModes, quickModes);
    }

    private static boolean follow(Set<String> before, Set<String> now) {
      return !now.isEmpty() && now.stream().noneMatch(before::contains);
    }
  }

  /// Both kinds of association get new keys, one after the other.
  private static void rekey(EspLab.Host host) throws Exception {
    Generation before = Generation.of(host);
    for (String kind : List.of("child", "ike")) {
      try (var client = ViciClient.connect(host.charon.ensure())) {
        for (ViciMessage listed : client.stream("list-sas", "list-sa", ViciMessage.EMPTY)) {
          for (var ike : listed.sections()) {
            if (kind.equals("ike"))
              client.change("rekey", ViciMessage.of(m -> m.put(kind, ike.name())));
            else
              for (var child : ike.content().section("child-sas").sections()) {
                String name = child.content().text("name");
                client.change("rekey", ViciMessage.of(m -> m.put(kind, name)));
              }
          }
        }
      }
      Await.until(
          "new keys, " + kind,
          EspLab.LONG,
          () ->
              kind.equals("ike")
                  ? Generation.of(host).follows(before)
                  : Generation.follow(before.quickModes(), Generation.of(host).quickModes()));
    }
  }

  /// Memory of its charon, in kB.
  private static long resident(EspLab.Host host) throws Exception {
    for (String pid : EspLab.run("", "ip", "netns", "pids", host.space).split("\\s+")) {
      if (!Files.readString(Path.of("/proc", pid, "comm")).startsWith("charon")) continue;
      return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
    throw new IllegalStateException(host.name + " has no charon");
  }
}
