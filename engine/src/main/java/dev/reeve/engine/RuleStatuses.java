package dev.reeve.engine;

import dev.reeve.engine.negotiate.Negotiation;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.negotiate.Unsaid;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How each active rule of a policy stands, in words.
final class RuleStatuses {

  private final HostPolicy policy;
  private final Spd spd;
  private final Negotiations negotiations;
  private final Optional<List<Unsaid>> withoutGate;

  RuleStatuses(HostPolicy policy, Spd spd, Negotiations negotiations) {
    this(policy, spd, negotiations, Optional.empty());
  }

  private RuleStatuses(
      HostPolicy policy, Spd spd, Negotiations negotiations, Optional<List<Unsaid>> withoutGate) {
    this.policy = policy;
    this.spd = spd;
    this.negotiations = negotiations;
    this.withoutGate = withoutGate;
  }

  /// By the kernel's policies alone.
  static RuleStatuses withoutGate(
      HostPolicy policy, Spd spd, Negotiations negotiations, List<Unsaid> unsaid) {
    return new RuleStatuses(policy, spd, negotiations, Optional.of(unsaid));
  }

  /// When the kernel and charon were read back and hold what the SPD says.
  List<RuleStatus> enforced() {
    var result = new ArrayList<RuleStatus>();
    policy.inForce().forEach(p -> add(p.policy(), p.store(), result));
    return result;
  }

  /// When they do not, for a step failed.
  ApplyOutcome failed(String step, String detail) {
    return failed(step, detail, enforced());
  }

  static ApplyOutcome failed(String step, String detail, List<RuleStatus> rules) {
    return new ApplyOutcome.Failed(step, detail, all(rules, State.FAILED, "not applied: " + step));
  }

  /// Whatever is in force.
  List<RuleStatus> all(State state, String detail) {
    return all(enforced(), state, detail);
  }

  private static List<RuleStatus> all(List<RuleStatus> rules, State state, String detail) {
    return rules.stream()
        .map(rule -> new RuleStatus(rule.ruleId(), rule.ruleName(), state, detail))
        .toList();
  }

  private void add(IpsecPolicy from, Store store, List<RuleStatus> result) {
    for (IpsecRule rule : from.rules()) if (rule.active()) result.add(status(rule, store));
  }

  private RuleStatus status(IpsecRule rule, Store store) {
    var notes = new ArrayList<String>();
    State state = State.ENFORCED;
    if (rule.isDefaultResponse()) {
      var key = new Negotiations.ResponseKey(store, rule.id());
      Negotiation negotiation =
          negotiations.responses().getOrDefault(key, new Negotiation.Impossible("not compiled"));
      switch (negotiation) {
        case Negotiation.Possible(var _, var _, var _, var more) -> {
          notes.add("default response: peers that negotiate are answered");
          notes.addAll(more);
        }
        case Negotiation.Impossible(var reason) -> {
          state = State.NOT_NEGOTIATED;
          notes.add("default response: no peer is answered: " + reason);
        }
      }
    } else if (rule.action() instanceof FilterAction.Negotiate negotiate) {
      state = negotiated(negotiate, rule, store, notes);
    }
    List<String> missing =
        spd.unresolved().stream()
            .filter(filter -> isOf(filter.origin(), rule, store))
            .map(filter -> "filter " + filter.origin().filter() + ": " + filter.detail())
            .distinct()
            .toList();
    if (!missing.isEmpty() && state == State.ENFORCED) state = State.FAILED;
    notes.addAll(missing);
    List<String> unsaid =
        withoutGate.orElse(List.of()).stream()
            .filter(one -> isOf(one.origin(), rule, store))
            .map(Unsaid::detail)
            .distinct()
            .toList();
    if (!unsaid.isEmpty() && state == State.ENFORCED) state = State.NOT_ENFORCED;
    notes.addAll(unsaid);
    spd.conflicts().stream()
        .filter(conflict -> isOf(conflict.loses().origin(), rule, store))
        .map(conflict ->
            "as specific as rule '%s' (%s), which wins where both match"
                .formatted(conflict.wins().origin().ruleName(), conflict.wins().action()))
        .distinct()
        .forEach(notes::add);
    return new RuleStatus(rule.id(), rule.name(), state, String.join("; ", notes));
  }

  private State negotiated(
      FilterAction.Negotiate negotiate, IpsecRule rule, Store store, List<String> notes) {
    List<Negotiation> found =
        negotiations.rules().entrySet().stream()
            .filter(e -> e.getKey().store() == store && e.getKey().ruleId().equals(rule.id()))
            .map(java.util.Map.Entry::getValue)
            .toList();
    String posture = rule.tunnel().isPresent() ? "tunnel, " : "";
    posture += negotiate.posture();
    if (isWeak(rule, store)) {
      notes.add(
          posture
              + ": every offer or every main-mode proposal is weak and legacy is off; its traffic"
              + " is dropped both ways");
      return State.NOT_NEGOTIATED;
    }
    boolean all =
        !found.isEmpty() && found.stream().allMatch(Negotiation.Possible.class::isInstance);
    notes.add(
        posture + ": " + (all ? secured(negotiate.posture()) : meanwhile(negotiate.posture())));
    found.stream()
        .flatMap(one ->
            switch (one) {
              case Negotiation.Possible(var _, var _, var _, var more) -> more.stream();
              case Negotiation.Impossible(var reason) -> Stream.of(reason);
            })
        .distinct()
        .forEach(notes::add);
    return all ? State.ENFORCED : State.NOT_NEGOTIATED;
  }

  private boolean isWeak(IpsecRule rule, Store store) {
    return spd.entries().stream()
        .anyMatch(entry ->
            isOf(entry.origin(), rule, store)
                && entry.action() instanceof SpdAction.Negotiate(_, var usable)
                && !usable);
  }

  private static String secured(Posture posture) {
    return switch (posture) {
      case REQUIRE -> "secured traffic passes, clear traffic is dropped both ways";
      case REQUIRE_PASS_THROUGH ->
          "secured traffic passes, clear traffic is accepted in and dropped out";
      case REQUEST -> "secured where the peer can, in clear where it cannot";
    };
  }

  private String meanwhile(Posture posture) {
    return switch (posture) {
      case REQUIRE -> "clear traffic is dropped both ways";
      case REQUIRE_PASS_THROUGH ->
          withoutGate.isPresent()
              ? "clear traffic is dropped both ways"
              : "clear traffic is accepted in and dropped out";
      case REQUEST -> "traffic passes in clear";
    };
  }

  private static boolean isOf(SpdEntry.Origin origin, IpsecRule rule, Store store) {
    return origin.store() == store && origin.ruleId().equals(rule.id());
  }
}
