package dev.reeve.agent;

import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.Store;

/// Where a host's policy comes from, in words that every answer of the agent uses.
final class Standing {

  private Standing() {}

  /// `workgroup, local policy`; `domain member, domain policy, persistent policy`; …
  static String of(HostPolicy policy, boolean joined) {
    String active =
        policy.active().isEmpty()
            ? "no policy"
            : policy.activeStore() == Store.LOCAL ? "local policy" : "domain policy";
    return (joined ? "domain member, " : "workgroup, ")
        + active
        + (policy.persistent().isPresent() ? ", persistent policy" : "");
  }
}
