package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.engine.Lab.Member;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules for boot in a real kernel, loaded as the boot unit loads them and judged by packets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BootIT {

  private static final Path LOADER = Path.of("../packaging/reeve-boot").toAbsolutePath();

  /// The peer is DNS and policy server.
  private static final HostView VIEW =
      new HostView(
          List.of(IpAddress.parse("10.66.0.2")),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          List.of(new HostView.Endpoint(IpAddress.parse("10.66.0.2"), 8443)),
          List.of(),
          List.of());

  private Optional<Lab> opened = Optional.empty();

  @TempDir Path directory;

  private Lab lab() {
    return opened.orElseThrow();
  }

  @BeforeAll
  void set_up() {
    var missing = Lab.missing();
    assumeTrue(missing.isEmpty(), () -> "no network namespaces: " + missing.orElse(""));
    var lab = new Lab();
    opened = Optional.of(lab);
    for (Member member : List.of(lab.host, lab.peer)) {
      for (int port : new int[] {80, 81, 8443}) {
        assertThat(member.say("listen " + port)).isEqualTo("ok");
      }
      for (int port : new int[] {53, 9000}) {
        assertThat(member.say("serve " + port)).isEqualTo("ok");
      }
    }
    assertThat(lab.container.say("listen 80")).isEqualTo("ok");
  }

  @AfterAll
  void tear_down() {
    opened.ifPresent(Lab::close);
  }

  @AfterEach
  void open_again() {
    flush();
    lab().host.run(Lab.PUBLISHED, "nft", "-f", "-");
  }

  private void flush() {
    lab().host.run("flush ruleset\n", "nft", "-f", "-");
  }

  /// @param settings `KEY=VALUE`, `bootExemptions` with spaces between several
  private static HostPolicy policy(String rules, String settings) {
    HostPolicy made = rules.isEmpty() ? HostPolicy.EMPTY : TestPolicies.of(rules.split("; "));
    var values = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    for (String setting : settings.isEmpty() ? new String[0] : settings.split(", ")) {
      String value = setting.substring(setting.indexOf('=') + 1);
      boolean list = setting.startsWith("bootExemptions");
      values.put(
          HostSetting.find(setting.substring(0, setting.indexOf('='))).orElseThrow(),
          list
              ? new JsonValue.JsonArray(
                  Arrays.stream(value.split(" ")).<JsonValue>map(JsonValue::of).toList())
              : JsonValue.of(value));
    }
    return new HostPolicy(made.persistent(), made.domain(), made.local(), new HostSettings(values));
  }

  private BootRules applied(HostPolicy policy) throws EngineException {
    var engine = new LinuxEngine(lab().host.nft(), lab().host.xfrm());
    assertThat(engine.apply(policy, VIEW)).isNotInstanceOf(ApplyOutcome.Failed.class);
    return engine.bootRules().orElseThrow();
  }

  private Path boot() throws IOException {
    return Files.createDirectories(directory.resolve("state/boot"));
  }

  /// What the boot unit does.
  private String load(String... arguments) {
    var line =
        List.of(
            "env",
            "--ignore-signal=PIPE", // as systemd starts it
            "REEVE_STATE=" + directory.resolve("state"),
            "REEVE_RUN=" + directory.resolve("run"),
            LOADER.toString());
    var words = new ArrayList<>(line);
    words.addAll(List.of(arguments));
    return lab().host.run("", words.toArray(String[]::new));
  }

  /// As after a start of the machine: no rule, then the unit.
  private void started(BootRules rules) throws IOException {
    flush();
    Files.writeString(boot().resolve("boot.nft"), rules.atBoot());
    load("load");
  }

  /// Each line: the policy, the settings, who tries what, whether it works before the agent runs.
  @ParameterizedTest(name = "{0}: {3} → {4}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          no policy, no boot mode      | ''                         | ''               | peer connect 10.66.0.2 10.66.0.1 80   | ok
          no policy, stateful          | ''                         | bootMode=stateful | peer connect 10.66.0.2 10.66.0.1 80  | no
          stateful is the default      | permit any <> me           | ''               | peer connect 10.66.0.2 10.66.0.1 80   | no
          over IPv6                    | permit any <> me           | ''               | peer connect fd66::2 fd66::1 80       | no
          a published port             | permit any <> me           | ''               | peer connect 10.66.0.2 10.66.0.1 8080 | no
          what a container begins      | permit any <> me           | ''               | container connect 10.67.0.2 10.66.0.2 80 | no
          what it begins itself        | permit any <> me           | ''               | host connect 10.66.0.1 10.66.0.2 80   | ok
          over IPv6 too                | permit any <> me           | ''               | host connect fd66::1 fd66::2 80       | ok
          to itself                    | permit any <> me           | ''               | host connect 127.0.0.1 127.0.0.1 80   | ok
          a datagram and its answer    | permit any <> me           | ''               | host ask 10.66.0.1 0 10.66.0.2 9000   | ok
          what is blocked later too    | block me <> any#80 tcp     | ''               | host connect 10.66.0.1 10.66.0.2 80   | no
          what is to be secured        | require me <> any#80 tcp   | ''               | host connect 10.66.0.1 10.66.0.2 80   | no
          beside it                    | require me <> any#80 tcp   | ''               | host connect 10.66.0.1 10.66.0.2 81   | ok
          what may be secured          | request me <> any#80 tcp   | ''               | host connect 10.66.0.1 10.66.0.2 80   | ok
          DNS under require            | require me <> any          | ''               | host ask 10.66.0.1 0 10.66.0.2 53     | ok
          the server under require     | require me <> any          | ''               | host connect 10.66.0.1 10.66.0.2 8443 | ok
          an exemption                 | permit any <> me           | bootExemptions=TCP:0:80:inbound | peer connect 10.66.0.2 10.66.0.1 80 | ok
          another port                 | permit any <> me           | bootExemptions=TCP:0:80:inbound | peer connect 10.66.0.2 10.66.0.1 81 | no
          against the policy           | require me <> any          | bootExemptions=TCP:0:80:inbound | peer connect 10.66.0.2 10.66.0.1 80 | ok
          outbound against the policy  | require me <> any          | bootExemptions=TCP:0:80:outbound | host connect 10.66.0.1 10.66.0.2 80 | ok
          a published port, exempt     | permit any <> me           | bootExemptions=TCP:0:8080:inbound | peer connect 10.66.0.2 10.66.0.1 8080 | ok
          block                        | permit any <> me           | bootMode=block   | peer connect 10.66.0.2 10.66.0.1 80   | no
          block what it begins         | permit any <> me           | bootMode=block   | host connect 10.66.0.1 10.66.0.2 80   | no
          block, to itself             | permit any <> me           | bootMode=block   | host connect 127.0.0.1 127.0.0.1 80   | ok
          block, DNS                   | permit any <> me           | bootMode=block   | host ask 10.66.0.1 0 10.66.0.2 53     | ok
          block, the server            | permit any <> me           | bootMode=block   | host connect 10.66.0.1 10.66.0.2 8443 | ok
          block, from the server       | permit any <> me           | bootMode=block   | peer connect 10.66.0.2 10.66.0.1 8443 | no
          block with an exemption      | permit any <> me           | bootMode=block, bootExemptions=TCP:0:80:outbound UDP:0:9000:inbound | host connect 10.66.0.1 10.66.0.2 80 | ok
          block with another           | permit any <> me           | bootMode=block, bootExemptions=TCP:0:80:outbound UDP:0:9000:inbound | peer ask 10.66.0.2 0 10.66.0.1 9000 | ok
          its other way                | permit any <> me           | bootMode=block, bootExemptions=TCP:0:80:outbound UDP:0:9000:inbound | peer connect 10.66.0.2 10.66.0.1 80 | no
          block without a policy       | ''                         | bootMode=block   | peer connect 10.66.0.2 10.66.0.1 80   | no
          permit                       | block any <> me            | bootMode=permit  | peer connect 10.66.0.2 10.66.0.1 80   | ok
          """)
  void before_the_agent_runs(
      String name, String rules, String settings, String attempt, String result)
      throws EngineException, IOException {
    started(applied(policy(rules, settings)));
    if (attempt.contains("10.66.0.2 10.66.0.1 8080") || attempt.startsWith("container")) {
      lab().host.run(Lab.PUBLISHED, "nft", "-f", "-");
    }
    String who = attempt.substring(0, attempt.indexOf(' '));
    Member member =
        switch (who) {
          case "peer" -> lab().peer;
          case "host" -> lab().host;
          default -> lab().container;
        };
    String command = attempt.substring(who.length() + 1);
    assertThat(member.does(command, result.equals("ok"))).as(name).isTrue();
  }

  /// IPv6 neighbours are asked anew: nothing else would pass otherwise.
  @Test
  void neighbours_are_found_under_block() throws EngineException, IOException {
    started(applied(policy("", "bootMode=block, bootExemptions=UDP:0:9000:outbound")));
    for (Member member : List.of(lab().host, lab().peer)) member.ip("neigh flush dev lan");
    assertThat(lab().host.can("ask fd66::1 0 fd66::2 9000")).isTrue();
  }

  @Test
  void what_cannot_be_loaded_gives_way_to_what_was_before_and_that_to_the_packaged_rules()
      throws EngineException, IOException {
    BootRules block = applied(policy("", "bootMode=block"));
    started(applied(policy("block any <> me#81 tcp", "bootMode=permit")));
    assertThat(lab().peer.can("connect 10.66.0.2 10.66.0.1 80")).isTrue();

    Files.writeString(boot().resolve("boot.nft.previous"), block.atBoot());
    for (String broken : List.of("", "table inet reeve {", "include \"/etc/hostname\"\n")) {
      flush();
      Files.writeString(boot().resolve("boot.nft"), broken);
      assertThat(load("load")).contains("loaded " + boot().resolve("boot.nft.previous"));
      assertThat(lab().host.cannot("connect 10.66.0.1 10.66.0.2 80")).isTrue();
    }
    flush();
    Files.delete(boot().resolve("boot.nft.previous"));
    assertThat(load("load")).contains("boot-minimal.nft");
    assertThat(lab().host.can("connect 10.66.0.1 10.66.0.2 80")).isTrue();
    assertThat(lab().peer.cannot("connect 10.66.0.2 10.66.0.1 80")).isTrue();
  }

  /// Most hosts have but one or two of the files; it is a race whether somebody writes to nobody.
  @Test
  void files_that_are_not_there_are_not_worth_a_word() {
    for (int i = 0; i < 20; i++) {
      flush();
      assertThat(load("load").strip()).matches("reeve-boot: loaded .*/boot-minimal.nft");
    }
  }

  @Test
  void without_a_working_nft_nothing_passes_until_there_is_one() {
    flush();
    String out =
        lab()
            .host
            .run(
                "",
                "sh",
                "-c",
                "mkdir -p "
                    + directory
                    + "/bin && cp /bin/false "
                    + directory
                    + "/bin/nft; REEVE_RUN="
                    + directory
                    + "/run PATH="
                    + directory
                    + "/bin:$PATH "
                    + LOADER
                    + " load 2>&1; echo status $?");
    assertThat(out).contains("blocking all traffic", "status 1");
    assertThat(lab().peer.cannot("connect 10.66.0.2 10.66.0.1 80")).isTrue();
    assertThat(lab().host.cannot("connect 10.66.0.1 10.66.0.2 80")).isTrue();
    load("load");
    assertThat(lab().host.can("connect 10.66.0.1 10.66.0.2 80")).isTrue();
  }

  /// From the boot rules to the policy's and through ten reloads of somebody's rules that begin
  /// with a flush: never a packet of the flood.
  @Test
  void a_hand_over_and_a_reload_let_no_packet_through() throws EngineException, IOException {
    HostPolicy policy = policy("block any <> me#9000 udp", "");
    BootRules rules = applied(policy);
    started(rules);
    Files.createDirectories(directory.resolve("run"));
    Path theirs = directory.resolve("nftables.conf");
    Files.writeString(
        theirs,
        """
        flush ruleset
        table inet filter {
          chain input {
            type filter hook input priority 0;
          }
        }
        """);
    long before = lab().host.count(9000);
    assertThat(lab().peer.can("flood 10.66.0.1 9000")).isTrue();
    var engine = new LinuxEngine(lab().host.nft(), lab().host.xfrm());
    assertThat(engine.apply(policy, VIEW)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(lab().host.run("", "nft", "list", "table", "inet", "reeve"))
        .as("nothing of the boot rules is left")
        .doesNotContain("boot");
    Files.writeString(directory.resolve("run/gate.nft"), rules.now());
    for (int i = 0; i < 10; i++) load("with", theirs.toString());
    load("flush");
    assertThat(engine.observe().drifted()).isFalse();
    assertThat(lab().host.run("", "nft", "list", "tables")).doesNotContain("filter");
    assertThat(lab().host.count(9000)).isEqualTo(before);

    lab().host.run("", "nft", "-f", theirs.toString()); // what the unit would have run itself
    while (lab().host.count(9000) == before) Thread.onSpinWait();
    assertThat(Long.parseLong(lab().peer.say("stop"))).isGreaterThan(200);
  }
}
