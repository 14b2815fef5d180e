package dev.reeve.model.status;

import java.util.List;

/// What became of a policy on a host, read back from the kernel and not remembered.
public sealed interface ApplyOutcome {

  /// How each rule stands, one line per active rule.
  List<RuleStatus> rules();

  /// The kernel already held exactly this.
  record Unchanged(List<RuleStatus> rules) implements ApplyOutcome {
    public Unchanged {
      rules = List.copyOf(rules);
    }
  }

  /// @param steps what was done, in words
  record Applied(List<String> steps, List<RuleStatus> rules) implements ApplyOutcome {
    public Applied {
      steps = List.copyOf(steps);
      rules = List.copyOf(rules);
    }
  }

  /// A step failed. What held before still holds, unless `detail` says otherwise.
  ///
  /// @param failedStep in words
  record Failed(String failedStep, String detail, List<RuleStatus> rules) implements ApplyOutcome {
    public Failed {
      rules = List.copyOf(rules);
    }
  }
}
