package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.EngineException;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A change of policy that fails on its way, at every step that needs charon, one after another.
/// Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollbackCases {

  private static final HostPolicy BEFORE = TestPolicies.of("require me <> any");
  private static final HostPolicy AFTER =
      TestPolicies.with(
          new MainMode(
              false,
              0,
              MainMode.DEFAULT_LIFETIME,
              List.of(
                  new MainModeProposal(
                      Encryption.AES256_GCM, Integrity.SHA256, DhGroup.CURVE25519))),
          TestPolicies.of(
              "require me <> any", "request me <> 10.68.0.3", "block me#23 <> any tcp"));

  private Optional<EspLab> opened = Optional.empty();

  @BeforeAll
  void open() throws Exception {
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @Test
  void a_change_that_fails_on_its_way_leaves_everything_as_it_was() throws Exception {
    EspLab.Host a = opened.orElseThrow().a;
    EspLab.Host b = opened.orElseThrow().b;
    var turn = new int[] {-1};
    LinuxEngine engine = Unreachable.engine(a, turn);
    assertThat(engine.apply(BEFORE, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    b.apply(BEFORE);
    b.settled().clear();
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();

    int rolledBack = 0;
    // Means are looked for first: a host without any applies what it can.
    for (int at = 2; ; at++) {
      turn[0] = at;
      Optional<ApplyOutcome> outcome = change(engine);
      boolean reached = turn[0] < 0;
      turn[0] = -1;
      if (!reached) {
        assertThat(outcome).containsInstanceOf(ApplyOutcome.Applied.class);
        break;
      }
      if (outcome.isEmpty()) { // it could not be read, before or afterwards
        a.engine.apply(BEFORE, HostView.NONE);
        continue;
      }
      String failure = "failure " + at + ": " + outcome.get();
      rolledBack++;
      assertThat(outcome.get()).as(failure).isInstanceOf(ApplyOutcome.Failed.class);
      assertThat(engine.observe().differences()).as(failure).isEmpty();
      assertThat(a.reaches(b, 80)).as(failure).isTrue();
    }
    assertThat(rolledBack).isGreaterThan(3);
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    engine.removeAll();
  }

  /// @return empty when charon could not be asked what it holds
  private static Optional<ApplyOutcome> change(LinuxEngine engine) {
    try {
      return Optional.of(engine.apply(AFTER, HostView.NONE));
    } catch (EngineException e) {
      return Optional.empty();
    }
  }
}
