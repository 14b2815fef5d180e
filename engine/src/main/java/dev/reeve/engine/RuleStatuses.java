package dev.reeve.engine;

import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import java.util.ArrayList;
import java.util.List;

/// How each active rule of a policy stands, in words.
final class RuleStatuses {

  private final HostPolicy policy;
  private final Spd spd;

  private RuleStatuses(HostPolicy policy, Spd spd) {
    this.policy = policy;
    this.spd = spd;
  }

  /// When the kernel was read back and holds what the SPD says.
  static List<RuleStatus> enforced(HostPolicy policy, Spd spd) {
    return new RuleStatuses(policy, spd).all();
  }

  /// When it does not.
  static List<RuleStatus> all(HostPolicy policy, Spd spd, State state, String detail) {
    return enforced(policy, spd).stream()
        .map(rule -> new RuleStatus(rule.ruleId(), rule.ruleName(), state, detail))
        .toList();
  }

  private List<RuleStatus> all() {
    var result = new ArrayList<RuleStatus>();
    policy.persistent().ifPresent(p -> add(p, Store.PERSISTENT, result));
    policy.active().ifPresent(p -> add(p, policy.activeStore(), result));
    return result;
  }

  private void add(IpsecPolicy from, Store store, List<RuleStatus> result) {
    for (IpsecRule rule : from.rules()) if (rule.active()) result.add(status(rule, store));
  }

  private RuleStatus status(IpsecRule rule, Store store) {
    var notes = new ArrayList<String>();
    State state = State.ENFORCED;
    if (rule.isDefaultResponse()) {
      state = State.NOT_NEGOTIATED;
      notes.add("default response: no peer is answered yet");
    } else if (rule.action() instanceof FilterAction.Negotiate negotiate) {
      state = State.NOT_NEGOTIATED;
      notes.add(meanwhile(negotiate, rule, store));
    }
    List<String> missing =
        spd.unresolved().stream()
            .filter(filter -> isOf(filter.origin(), rule, store))
            .map(filter -> "filter " + filter.origin().filter() + ": " + filter.detail())
            .distinct()
            .toList();
    if (!missing.isEmpty() && state == State.ENFORCED) state = State.FAILED;
    notes.addAll(missing);
    spd.conflicts().stream()
        .filter(conflict -> isOf(conflict.loses().origin(), rule, store))
        .map(conflict ->
            "as specific as rule '%s' (%s), which wins where both match"
                .formatted(conflict.wins().origin().ruleName(), conflict.wins().action()))
        .distinct()
        .forEach(notes::add);
    return new RuleStatus(rule.id(), rule.name(), state, String.join("; ", notes));
  }

  private String meanwhile(FilterAction.Negotiate negotiate, IpsecRule rule, Store store) {
    boolean unusable =
        spd.entries().stream()
            .anyMatch(entry ->
                isOf(entry.origin(), rule, store)
                    && entry.action() instanceof SpdAction.Negotiate(_, var usable)
                    && !usable);
    String posture = rule.tunnel().isPresent() ? "tunnel, " : "";
    posture += negotiate.posture();
    if (unusable) {
      return posture
          + ": every offer or every main-mode proposal is weak and legacy is off; its traffic is"
          + " dropped both ways";
    }
    return posture
        + switch (negotiate.posture()) {
          case REQUIRE -> ": clear traffic is dropped both ways";
          case REQUIRE_PASS_THROUGH -> ": clear traffic is accepted in and dropped out";
          case REQUEST -> ": traffic passes in clear";
        };
  }

  private static boolean isOf(SpdEntry.Origin origin, IpsecRule rule, Store store) {
    return origin.store() == store && origin.ruleId().equals(rule.id());
  }
}
