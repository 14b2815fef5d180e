package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// Cases of the gate in a kernel, in a lab that is theirs alone: each finds the host without a
/// policy.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InLab {

  private Optional<Lab> opened = Optional.empty();

  final Lab lab() {
    return opened.orElseThrow();
  }

  @BeforeAll
  void set_up() {
    var missing = Lab.missing();
    assumeTrue(missing.isEmpty(), () -> "no network namespaces: " + missing.orElse(""));
    var lab = new Lab();
    opened = Optional.of(lab);
    for (var member : List.of(lab.host, lab.peer)) {
      for (int port : new int[] {80, 81, 88, 8443})
        assertThat(member.say("listen " + port)).isEqualTo("ok");
      for (int port : new int[] {53, 9000, 9005, 9010}) {
        assertThat(member.say("serve " + port)).isEqualTo("ok");
      }
    }
    assertThat(lab.container.say("listen 80")).isEqualTo("ok");
    for (String many : List.of("224.0.0.0/4", "255.255.255.255")) {
      lab.host.ip("route add " + many + " dev lan");
    }
  }

  @AfterAll
  void tear_down() {
    opened.ifPresent(Lab::close);
  }

  @AfterEach
  void open_again() throws EngineException {
    engine().removeAll();
  }

  LinuxEngine engine() {
    return new LinuxEngine(lab().host.nft(), lab().host.xfrm());
  }

  LinuxEngine enforcing(String... rules) throws EngineException {
    LinuxEngine engine = engine();
    assertThat(engine.apply(TestPolicies.of(rules), HostView.NONE))
        .isInstanceOf(ApplyOutcome.Applied.class);
    return engine;
  }

  boolean peerReaches(int port) {
    return lab().peer.can("connect 10.66.0.2 10.66.0.1 " + port);
  }

  boolean peerCannotReach(int port) {
    return lab().peer.cannot("connect 10.66.0.2 10.66.0.1 " + port);
  }
}
