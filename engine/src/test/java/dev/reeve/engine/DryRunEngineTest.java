package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DryRunEngineTest {

  private final List<String> shown = new ArrayList<>();
  private final DryRunEngine engine = new DryRunEngine(shown::add);

  @Test
  void shows_each_step_once_and_enforces_nothing() {
    var policy = TestPolicies.of("block any <> me#23 tcp");

    var first = engine.apply(policy, HostView.NONE);
    var second = engine.apply(policy, HostView.NONE);

    assertThat(first).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(second).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(first.rules()).extracting(RuleStatus::state).containsOnly(State.NOT_ENFORCED);
    assertThat(shown).hasSize(2);
    assertThat(shown.getLast()).contains("th dport 23");
    engine.apply(HostPolicy.EMPTY, HostView.NONE);
    assertThat(shown.getLast()).isEqualTo("remove table inet reeve");
  }

  @Test
  void a_missing_nft_names_its_package() {
    var linux = new LinuxEngine(Nft.by(List.of("/nonexistent/nft")), new Xfrm(List.of()));
    assertThatThrownBy(() -> linux.apply(TestPolicies.of("block any <> me"), HostView.NONE))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("install the package nftables");
  }
}
