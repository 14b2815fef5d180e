package dev.reeve.model.status;

/// How one rule stands on a host.
///
/// @param detail for people; empty when there is nothing to add
public record RuleStatus(String ruleId, String ruleName, State state, String detail) {

  public enum State {
    /// The kernel does what the rule says.
    ENFORCED,
    /// Nothing is negotiated; clear traffic is dropped where the posture is require.
    NOT_NEGOTIATED,
    /// Not, or not all of it, for want of what it takes; or only shown, by the dry run.
    NOT_ENFORCED,
    FAILED
  }
}
