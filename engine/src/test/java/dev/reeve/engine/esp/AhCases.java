package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.Charon;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.QuickModeSa;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// AH, alone and around ESP: two associations for one packet, that IKE agrees on apart. Judged by
/// what tcpdump sees at the peer. Run by [EspIT] on a kernel with ESP.
class AhCases extends InEspLab {

  private static final HostPolicy BOTH = TestPolicies.of("require-both me <> any");

  /// As agents do while something goes on.
  private void looking(CompletableFuture<?> what) throws Exception {
    Await.until(
        "the end of it",
        EspLab.LONG,
        () -> {
          boolean unused = lab().a.engine.needsAttention() | lab().b.engine.needsAttention();
          return what.isDone();
        });
  }

  private boolean reaches(String from, String to) throws Exception {
    var probe = CompletableFuture.supplyAsync(() -> lab().a.reaches(from, to, 80));
    looking(probe);
    return probe.join();
  }

  private boolean reaches() throws Exception {
    return reaches(lab().a.v4, lab().b.v4);
  }

  private boolean cannotReach() throws Exception {
    var probe = CompletableFuture.supplyAsync(() -> lab().a.cannotReach(lab().b, 80));
    looking(probe);
    return probe.join();
  }

  private static boolean isBoth(String line) {
    return line.matches(".*: (frag \\(0\\|\\d+\\) )?AH\\(.*\\): ESP\\(.*");
  }

  private void assertBothOnTheWire() {
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().seen(Kind.SECURED)).isNotEmpty().allMatch(AhCases::isBoth);
  }

  @ParameterizedTest(name = "integrity alone, IPv{0}")
  @CsvSource({"4", "6"})
  void every_packet_is_within_ah(int family) throws Exception {
    HostPolicy ah = TestPolicies.of("require-ah me <> any");
    lab().a.apply(ah);
    lab().b.apply(ah);
    String from = family == 4 ? lab().a.v4 : lab().a.v6;
    String to = family == 4 ? lab().b.v4 : lab().b.v6;
    lab().b.settled().clear();

    assertThat(reaches(from, to)).as(lab().a.log()).isTrue();
    String big = "big " + from + " " + to + " 9000 4000"; // the first one may teach the way
    assertThat(lab().a.say("within 400 " + big) + lab().a.say(big))
        .as("taken apart")
        .endsWith("ok");
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().seen(Kind.SECURED))
        .isNotEmpty()
        .allMatch(line -> line.contains("AH(") && !line.contains("ESP("));
  }

  @ParameterizedTest(name = "IPv{0}")
  @CsvSource({"4", "6"})
  void every_packet_is_esp_within_ah(int family) throws Exception {
    applyToBoth(BOTH);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
    assertThat(lab().a.apply(BOTH)).isInstanceOf(ApplyOutcome.Unchanged.class);
    String from = family == 4 ? lab().a.v4 : lab().a.v6;
    String to = family == 4 ? lab().b.v4 : lab().b.v6;
    lab().b.settled().clear();

    assertThat(reaches(from, to)).as(lab().a.log()).isTrue();
    assertBothOnTheWire();
    assertThat(lab().a.engine.observe().activity().quickModes())
        .extracting(QuickModeSa::protocol)
        .contains("ESP", "AH");
    String ends = from + " " + to + " 9000 ";
    String big = "big " + ends + "4000"; // the first one may teach the way
    assertThat(lab().a.say("within 400 " + big) + lab().a.say(big))
        .as("taken apart")
        .endsWith("ok");
    assertBothOnTheWire();
  }

  /// Meanwhile it is as it may be under a request: in clear, or within ESP alone.
  @Test
  void a_requested_connection_is_secured_by_both_in_the_end() throws Exception {
    var request = TestPolicies.of("request-both me <> any");
    lab().a.apply(request);
    lab().b.apply(request);
    assertThat(reaches()).isTrue();
    Await.until(
        "a connection within AH",
        EspLab.LONG,
        () -> {
          lab().b.settled().clear();
          return reaches()
              && lab().b.settled().seen(Kind.CLEAR).isEmpty()
              && lab().b.settled().seen(Kind.SECURED).stream().allMatch(AhCases::isBoth);
        });
  }

  /// Whoever asks it. What it sends before its agent has seen both is in ESP alone, and is dropped.
  @ParameterizedTest(name = "IPv{0}")
  @CsvSource({"4", "6"})
  void a_host_that_only_responds_does_so_by_both(int family) throws Exception {
    lab().a.apply(BOTH);
    lab().b.apply(TestPolicies.of("respond-both"));
    String from = lab().a.own(family);
    String to = lab().b.own(family);
    assertThat(reaches(from, to)).as(lab().a.log()).isTrue();
    for (EspLab.Host host : List.of(lab().a, lab().b))
      assertThat(host.settled().seen(Kind.CLEAR)).isEmpty();
    lab().b.settled().clear();

    assertThat(reaches(from, to)).as(lab().a.log()).isTrue();
    assertThat(lab().b.reaches(to, from, 80)).as("from there").isTrue();
    assertBothOnTheWire();
    lab().a.engine.removeAll();
    Await.until(
        "nothing to be left of it",
        EspLab.LONG,
        () -> !lab().b.in("ip xfrm policy").contains("proto esp"));
    assertThat(lab().a.reaches(from, to, 80)).as("in clear again").isTrue();
  }

  /// charon writes its policies anew then.
  @Test
  void a_host_that_only_responds_does_so_by_both_after_keys_were_renewed() throws Exception {
    var soon =
        new QuickModeOffer(
            Optional.of(new Esp(Encryption.AES256_GCM, Integrity.NONE)),
            Optional.of(Integrity.SHA256),
            Duration.ofSeconds(12),
            QuickModeOffer.DEFAULT_KILOBYTES,
            PerfectForwardSecrecy.None.NONE);
    lab()
        .a
        .apply(
            TestPolicies.of(
                List.of(
                    TestPolicies.offering(TestPolicies.rule("{R}", "require me <> any"), soon))));
    lab().b.apply(TestPolicies.of("respond-both"));
    assertThat(reaches()).as(lab().a.log()).isTrue();
    Set<Long> first = begun().stream().map(QuickModeSa::id).collect(Collectors.toSet());
    Await.until(
        "others",
        EspLab.LONG,
        () -> {
          boolean unused = lab().a.engine.needsAttention() | lab().b.engine.needsAttention();
          return begun().size() == 2
              && begun().stream().map(QuickModeSa::id).noneMatch(first::contains);
        });
    assertThat(reaches()).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
  }

  /// It is no worse than in clear, which that host would let pass.
  @Test
  void a_host_that_only_responds_answers_esp_alone() throws Exception {
    lab().a.apply(TestPolicies.of("require me <> any"));
    lab().b.apply(TestPolicies.of("respond-both"));
    assertThat(reaches()).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
  }

  /// Without its AH the ESP is ended too: nothing is left that no rule wants.
  @ParameterizedTest(name = "a peer with {0}")
  @CsvSource({"ESP, require", "AH, require-ah"})
  void a_peer_with_half_of_it_is_no_peer(String what, String its) throws Exception {
    lab().a.apply(BOTH);
    lab().b.apply(TestPolicies.of(its + " me <> any"));
    lab().b.settled().clear();

    assertThat(cannotReach()).as(what).isTrue();
    assertThat(lab().b.cannotReach(lab().a, 80)).as("from the other side").isTrue();
    for (EspLab.Host host : List.of(lab().a, lab().b))
      assertThat(host.settled().seen(Kind.CLEAR)).isEmpty();
    Await.until(
        "the half to end",
        EspLab.LONG,
        () -> {
          boolean unused = lab().a.engine.needsAttention() | lab().b.engine.needsAttention();
          return begun().isEmpty();
        });
    assertThat(lab().a.engine.failures()).isNotEmpty();
  }

  /// What the kernel asks for while the AH is missing is for charon another ESP: that happens once,
  /// and not again and again, so that charon would never hear of the AH.
  @Test
  void a_stream_of_packets_does_not_keep_charon_from_the_ah() throws Exception {
    lab().a.say("flood " + lab().b.v4 + " 9000");
    try {
      applyToBoth(BOTH);
      long before = lab().b.count(9000);
      Await.until(
          "packets to come",
          EspLab.LONG,
          () -> {
            boolean unused = lab().a.engine.needsAttention() | lab().b.engine.needsAttention();
            return lab().b.count(9000) > before + 100;
          });
    } finally {
      lab().a.say("stop");
    }
    assertThat(begun()).filteredOn(sa -> sa.protocol().equals("AH")).hasSize(1);
    assertThat(begun()).filteredOn(sa -> sa.protocol().equals("ESP")).hasSizeBetween(1, 2);
    lab().b.settled().clear();
    assertThat(reaches()).as(lab().a.log()).isTrue();
    assertBothOnTheWire();
  }

  private List<QuickModeSa> begun() throws Exception {
    return lab().a.engine.observe().activity().quickModes();
  }

  /// It is asked for again, without a packet that would have to wait for it; also of a peer that
  /// has a key of its own, so that the connection is for that peer alone.
  @ParameterizedTest(name = "a peer with {0}")
  @CsvSource({"a certificate", "a key of its own"})
  void an_ah_that_is_lost_alone_comes_again(String authenticated) throws Exception {
    boolean keyed = authenticated.equals("a key of its own");
    lab().a.secrets = Map.of(sealed(1), "for c".getBytes(StandardCharsets.US_ASCII));
    lab().a.apply(keyed ? keyed("require-both me <> 10.68.0.2", "require me <> 10.68.0.3") : BOTH);
    lab().b.apply(keyed ? keyed("require-both me <> any") : BOTH);
    assertThat(reaches()).as(lab().a.log()).isTrue();
    for (int i = 0; i < 2; i++) {
      endAh();
      Await.until(
          "another AH",
          EspLab.LONG,
          () -> {
            boolean unused = lab().a.engine.needsAttention();
            return hasAh();
          });
    }
    lab().b.settled().clear();

    assertThat(reaches()).as(lab().a.log()).isTrue();
    assertBothOnTheWire();
  }

  /// Each rule by a key of its own.
  private static HostPolicy keyed(String... rules) {
    var all = new ArrayList<IpsecRule>();
    for (String rule : rules) {
      var key = new AuthMethod.PreSharedKey(sealed(all.size()));
      HostPolicy one = TestPolicies.of(List.of(TestPolicies.rule("{" + all.size() + "}", rule)));
      all.addAll(TestPolicies.authenticated(one, key).active().orElseThrow().rules());
    }
    return TestPolicies.of(all);
  }

  private static SealedSecret sealed(int number) {
    return SealedSecret.ofBytes(new byte[] {(byte) number});
  }

  @Override
  void forget() {
    lab().a.secrets = Map.of();
  }

  @Test
  void both_come_again_after_charon_was_killed() throws Exception {
    applyToBoth(BOTH);
    assertThat(reaches()).as(lab().a.log()).isTrue();
    lab().a.charon.kill();
    lab().a.apply(BOTH);
    lab().b.settled().clear();

    assertThat(reaches()).as(lab().a.log()).isTrue();
    assertBothOnTheWire();
  }

  private void endAh() throws Exception {
    QuickModeSa ah =
        begun().stream().filter(sa -> sa.protocol().equals("AH")).findFirst().orElseThrow();
    try (var charon = Charon.connect(lab().a.charon.ensure())) {
      charon.endChild(ah.id());
    }
    Await.until("its end", EspLab.LONG, () -> !hasAh());
  }

  private boolean hasAh() throws Exception {
    return begun().stream().anyMatch(sa -> sa.protocol().equals("AH"));
  }
}
