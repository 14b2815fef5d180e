package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.RuleStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When the block stays. That it ends is proven on a kernel, by packets: `NoNftCases`.
class BootBlockTest {

  private static final List<RuleStatus> RULES =
      List.of(new RuleStatus("1", "web", RuleStatus.State.ENFORCED, ""));

  @TempDir Path run;

  /// Says one thing, whatever it is asked.
  private record Says(ApplyOutcome outcome) implements IpsecEngine {
    @Override
    public String name() {
      return "says";
    }

    @Override
    public ApplyOutcome apply(HostPolicy policy, HostView view) {
      return outcome;
    }

    @Override
    public ObservedState observe() {
      return new ObservedState(true, List.of(), IpsecActivity.NONE);
    }

    @Override
    public void removeAll() {}
  }

  private static ApplyOutcome outcome(String kind) {
    return switch (kind) {
      case "applied" -> new ApplyOutcome.Applied(List.of("a step"), RULES);
      case "unchanged" -> new ApplyOutcome.Unchanged(RULES);
      default -> new ApplyOutcome.Failed("a step", "no", RULES);
    };
  }

  /// On a host whose kernel cannot be told anything.
  private BootBlock engine(String said) {
    var xfrm = new Xfrm(List.of("ip", "netns", "exec", "nowhere"));
    return new BootBlock(new Says(outcome(said)), xfrm, run.resolve("blocked"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "failed,    a step",
    "applied,   'let pass what no policy speaks of, which reeve-boot blocked'",
    "unchanged, 'let pass what no policy speaks of, which reeve-boot blocked'"
  })
  void a_block_stays_until_the_policy_is_in_force_and_it_can_be_lifted(String said, String fails)
      throws Exception {
    Files.writeString(run.resolve("blocked"), "");
    BootBlock engine = engine(said);
    assertThat(engine.needsAttention()).as("nothing is meant yet").isFalse();
    assertThat(engine.apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOfSatisfying(
            ApplyOutcome.Failed.class,
            failed -> {
              assertThat(failed.failedStep()).isEqualTo(fails);
              assertThat(failed.rules()).extracting(RuleStatus::ruleName).containsExactly("web");
            });
    assertThat(run.resolve("blocked")).exists();
    assertThat(engine.needsAttention()).as("to be tried again").isTrue();
  }

  @Test
  void where_it_does_not_block_the_kernel_is_told_nothing() throws Exception {
    BootBlock engine = engine("unchanged");
    assertThat(engine.apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(engine.needsAttention()).isFalse();
    engine.removeAll();
  }
}
