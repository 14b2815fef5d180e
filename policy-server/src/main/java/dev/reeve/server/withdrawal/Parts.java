package dev.reeve.server.withdrawal;

/// Which of a host's two kinds of policy is meant.
public record Parts(boolean policy, boolean persistent) {

  public static final Parts NONE = new Parts(false, false);

  public Parts and(Parts other) {
    return new Parts(policy && other.policy, persistent && other.persistent);
  }

  public boolean isNone() {
    return !policy && !persistent;
  }
}
