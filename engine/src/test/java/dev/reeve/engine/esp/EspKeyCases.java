package dev.reeve.engine.esp;

import static dev.reeve.engine.TestPolicies.posture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy.None;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.QuickModeSa;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// When keys are renewed, and how, while traffic goes on. Run by [EspIT] on a kernel with ESP.
class EspKeyCases extends InEspLab {

  static Stream<Arguments> secrecies() {
    return Stream.of(
        arguments(None.NONE, ""),
        arguments(new PerfectForwardSecrecy.Group(DhGroup.CURVE25519), "CURVE_25519"));
  }

  /// The keys are renewed after so many bytes, and not one packet is lost to the clear. The first
  /// ones come from main mode's exchange; the next ones from one of their own where it is wanted.
  @ParameterizedTest(name = "new keys, forward secrecy {0}")
  @MethodSource("secrecies")
  void keys_are_renewed_after_the_bytes_that_the_offer_says(
      PerfectForwardSecrecy secrecy, String group) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    var offer =
        new QuickModeOffer(
            Optional.of(new Esp(Encryption.AES256_GCM, Integrity.NONE)),
            Optional.empty(),
            Duration.ofMinutes(10),
            64,
            secrecy);
    IpsecRule rule = posture("strict").domain().orElseThrow().rules().getFirst();
    HostPolicy policy = TestPolicies.of(List.of(TestPolicies.offering(rule, offer)));
    a.apply(policy);
    b.apply(policy);
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b.settled().count(Kind.SECURED)).isPositive();
    Set<String> first = a.spis();
    assertThat(first).isNotEmpty();
    assertThat(quickModes(a)).isNotEmpty().extracting(QuickModeSa::group).containsOnly("");
    b.settled().clear();
    a.say("flood " + b.v4 + " 9000");
    Await.until(
        "new keys after so many bytes",
        EspLab.LONG,
        () ->
            a.spis().stream().noneMatch(first::contains)
                && quickModes(a).stream().anyMatch(sa -> sa.group().equals(group)));
    assertThat(Long.parseLong(a.say("stop"))).isPositive();
    assertThat(a.spis()).as(a.log()).isNotEmpty().doesNotContainAnyElementsOf(first);
    if (group.isEmpty()) // else another may have begun anew, where the bytes were gone too soon
    assertThat(quickModes(a)).extracting(QuickModeSa::group).containsOnly("");
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(a.reaches(b, 80)).isTrue();
  }

  /// Nine tenths of it after they were made, whatever has passed.
  @ParameterizedTest(name = "{0} of ten seconds")
  @CsvSource({"quick mode", "main mode"})
  void keys_are_renewed_when_their_time_has_come(String what) throws Exception {
    boolean quick = what.equals("quick mode");
    var offer =
        new QuickModeOffer(
            Optional.of(new Esp(Encryption.AES256_GCM, Integrity.NONE)),
            Optional.empty(),
            Duration.ofSeconds(quick ? 10 : 3600),
            1_000_000,
            None.NONE);
    var mainMode =
        new MainMode(false, 0, Duration.ofSeconds(quick ? 3600 : 10), MainMode.DEFAULT.proposals());
    IpsecRule rule = posture("strict").domain().orElseThrow().rules().getFirst();
    HostPolicy policy =
        TestPolicies.with(mainMode, TestPolicies.of(List.of(TestPolicies.offering(rule, offer))));
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(policy);
    b.apply(policy);
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
    Set<String> keys = a.spis();
    Set<Long> peers = mainModes(a);
    assertThat(keys).isNotEmpty();
    assertThat(peers).isNotEmpty();

    Await.until(
        "new keys of " + what,
        EspLab.LONG,
        () ->
            quick
                ? a.spis().stream().noneMatch(keys::contains) && !a.spis().isEmpty()
                : mainModes(a).stream().noneMatch(peers::contains) && !mainModes(a).isEmpty());
    assertThat(a.reaches(b, 80)).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    if (quick) assertThat(mainModes(a)).as("that of main mode is not over").isEqualTo(peers);
    else assertThat(a.spis()).as("those of quick mode go on").isEqualTo(keys);
  }

  private static Set<Long> mainModes(EspLab.Host host) throws Exception {
    return host.engine.observe().activity().mainModes().stream()
        .filter(sa -> sa.state().equals("ESTABLISHED"))
        .map(MainModeSa::id)
        .collect(Collectors.toSet());
  }

  private static List<QuickModeSa> quickModes(EspLab.Host host) throws Exception {
    return host.engine.observe().activity().quickModes().stream()
        .filter(sa -> sa.state().equals("INSTALLED"))
        .toList();
  }
}
