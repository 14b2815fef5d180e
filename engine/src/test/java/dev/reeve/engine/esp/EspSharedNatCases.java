package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.PeerFailure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two hosts behind one NAT that come to the same server, judged by what tcpdump sees outside and
/// at each. Run by [EspIT] on a kernel with ESP.
class EspSharedNatCases extends BehindNat {

  /// In transport mode two hosts behind one NAT are one to the kernel: the second one is refused,
  /// nothing of the first one's goes to it, and the server says why. The scenario `behind-nat` has
  /// it too.
  @ParameterizedTest(name = "the second host behind a NAT is refused, IPv{0}")
  @ValueSource(ints = {4, 6})
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  void the_second_host_behind_a_nat_is_refused(int family) throws Exception {
    apply(b(), STRICT);
    apply(d(), STRICT);
    apply(e(), STRICT);
    String to = b().own(family);
    awaitReach(d(), d().own(family), to);
    List<String> door = ports(b().settled(), family);
    long arrived = secured(e(), family);

    assertThat(cannotReach(e(), e().own(family), to)).isTrue();
    assertThat(reaches(d(), d().own(family), to)).as("the first one").isTrue();
    PeerFailure failure =
        Await.value(
            "the reason",
            EspLab.LONG,
            () -> {
              look();
              return b().engine.failures().stream()
                  .filter(f -> f.peer().equals(nat().own(family)))
                  .filter(f -> f.reason() == PeerFailure.Reason.BEHIND_SAME_NAT)
                  .findFirst();
            });
    assertThat(failure.detail()).contains("CN=host a").contains("tunnel");
    assertThat(ports(b().settled(), family)).isEqualTo(door);
    assertThat(secured(e(), family)).isEqualTo(arrived);
    assertThat(peersOfB()).hasSize(1);

    leave(d());
    awaitReach(e(), e().own(family), to);
  }

  /// Both at once, while no agent looks: no answer of one reaches the other.
  @ParameterizedTest(name = "two at once, IPv{0}")
  @ValueSource(ints = {4, 6})
  void of_two_that_come_at_once_neither_gets_what_is_the_others(int family) throws Exception {
    apply(b(), STRICT);
    apply(d(), STRICT);
    apply(e(), STRICT);
    b().settled().clear();
    String to = b().own(family);
    var one = CompletableFuture.supplyAsync(() -> d().cannotReach(d().own(family), to, 80));
    var two = CompletableFuture.supplyAsync(() -> e().cannotReach(e().own(family), to, 80));
    assertThat(List.of(one.join(), two.join())).containsOnly(true);
    assertThat(b().in("ip xfrm state")).as("both have associated").contains("espinudp");
    assertThat(peersOfB()).hasSize(2);
    assertThat(b().settled().seen(Kind.SECURED))
        .as("protected, and sent by b")
        .noneMatch(line -> line.matches("IP6? " + to + "[. ].*"));

    Await.until(
        "one of the two to get through",
        EspLab.LONG,
        () -> reaches(d(), d().own(family), to) || reaches(e(), e().own(family), to));
    assertThat(peersOfB()).hasSize(1);
  }

  /// Without those that are only half there.
  private List<String> peersOfB() throws Exception {
    return activity(b()).mainModes().stream()
        .filter(sa -> sa.state().equals("ESTABLISHED"))
        .map(MainModeSa::remoteId)
        .toList();
  }

  private static long secured(EspLab.Host host, int family) {
    return host.wire.seen(Kind.SECURED).stream()
        .filter(l -> l.contains("> " + host.own(family)))
        .count();
  }
}
