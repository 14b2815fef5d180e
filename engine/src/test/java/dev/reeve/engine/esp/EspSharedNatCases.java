package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.PeerFailure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Two hosts behind one NAT that come to the same server, judged by what tcpdump sees outside and
/// at each. Run by [EspIT] on a kernel with ESP.
class EspSharedNatCases extends BehindNat {

  /// In transport mode two hosts behind one NAT are one to the kernel: the second one is refused,
  /// nothing of the first one's goes to it, and the server says why.
  @Test
  void the_second_host_behind_a_nat_is_refused() throws Exception {
    apply(b(), STRICT);
    apply(d(), STRICT);
    apply(e(), STRICT);
    awaitReach(d(), d().v4, b().v4);
    List<String> door = ports(b().settled(), 4);
    long arrived = secured(e());

    assertThat(reaches(e(), e().v4, b().v4)).isFalse();
    assertThat(reaches(d(), d().v4, b().v4)).as("the first one").isTrue();
    PeerFailure failure =
        Await.value(
            "the reason",
            EspLab.LONG,
            () -> {
              look();
              return b().engine.failures().stream()
                  .filter(f -> f.reason() == PeerFailure.Reason.BEHIND_SAME_NAT)
                  .findFirst();
            });
    assertThat(failure.peer()).isEqualTo(nat().v4);
    assertThat(failure.detail()).contains("CN=host a").contains("tunnel");
    assertThat(ports(b().settled(), 4)).isEqualTo(door);
    assertThat(secured(e())).isEqualTo(arrived);
    assertThat(peersOfB()).hasSize(1);

    leave(d());
    awaitReach(e(), e().v4, b().v4);
  }

  /// Both at once, while no agent looks: no answer of one reaches the other.
  @Test
  void of_two_that_come_at_once_neither_gets_what_is_the_others() throws Exception {
    apply(b(), STRICT);
    apply(d(), STRICT);
    apply(e(), STRICT);
    b().settled().clear();
    var one =
        CompletableFuture.supplyAsync(() -> d().say("reach " + d().v4 + " " + b().v4 + " 80 4000"));
    var two =
        CompletableFuture.supplyAsync(() -> e().say("reach " + e().v4 + " " + b().v4 + " 80 4000"));
    assertThat(List.of(one.join(), two.join())).doesNotContain("ok");
    assertThat(b().in("ip xfrm state")).as("both have associated").contains("espinudp");
    assertThat(peersOfB()).hasSize(2);
    assertThat(b().settled().seen(Kind.SECURED))
        .as("protected, and sent by b")
        .noneMatch(line -> line.startsWith("IP " + b().v4));

    Await.until(
        "one of the two to get through",
        EspLab.LONG,
        () -> reaches(d(), d().v4, b().v4) || reaches(e(), e().v4, b().v4));
    assertThat(peersOfB()).hasSize(1);
  }

  /// Without those that are only half there.
  private List<String> peersOfB() throws Exception {
    return activity(b()).mainModes().stream()
        .filter(sa -> sa.state().equals("ESTABLISHED"))
        .map(MainModeSa::remoteId)
        .toList();
  }

  private static long secured(EspLab.Host host) {
    return host.wire.seen(Kind.SECURED).stream().filter(l -> l.contains("> " + host.v4)).count();
  }
}
