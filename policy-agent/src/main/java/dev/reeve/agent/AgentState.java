package dev.reeve.agent;

import dev.reeve.agent.disk.Kept;
import dev.reeve.agent.disk.LocalStores;
import dev.reeve.engine.DryRunEngine;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import dev.reeve.model.status.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All that the agent knows, at one moment. Only the loop makes a new one; anybody may read it.
record AgentState(Held held, Enforced enforced, Contact contact, Trouble trouble) {

  private static final int MOST_REFUSALS = 20;
  private static final int MOST_DRIFT = 10;

  /// What the host was told.
  ///
  /// @param gate empty on a host that has not joined
  record Held(Optional<GateState> gate, Kept kept, String etag, LocalStores stores) {}

  /// What became of it.
  ///
  /// @param outcome of the last time the engine was asked; empty before the first
  /// @param applied when it last went well
  /// @param exempt traffic that passes whatever the policy says
  /// @param remarks filters without effect, filters that contradict each other
  /// @param unkept why the rules for the next boot are not those of the policy
  record Enforced(
      String engine,
      Optional<ApplyOutcome> outcome,
      Optional<Instant> applied,
      List<String> exempt,
      List<String> remarks,
      Optional<String> unkept) {
    Enforced {
      exempt = List.copyOf(exempt);
      remarks = List.copyOf(remarks);
    }
  }

  /// What went wrong.
  ///
  /// @param refusals what the gate refused since the server last said something useful, with counts
  /// @param start found when the agent started: a torn cache, a copied machine
  /// @param drift what was repaired, newest last
  record Trouble(Map<String, Integer> refusals, List<String> start, List<String> drift) {
    Trouble {
      refusals = new LinkedHashMap<>(refusals);
      start = List.copyOf(start);
      drift = List.copyOf(drift);
    }
  }

  /// @param problems found on the way
  static AgentState first(String engine, Contact contact, List<String> problems) {
    return new AgentState(
        new Held(Optional.empty(), Kept.NOTHING, "", LocalStores.NONE),
        new Enforced(
            engine, Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty()),
        contact,
        new Trouble(Map.of(), problems, List.of()));
  }

  Optional<GateState> gate() {
    return held.gate();
  }

  Kept kept() {
    return held.kept();
  }

  String etag() {
    return held.etag();
  }

  LocalStores stores() {
    return held.stores();
  }

  Optional<ApplyOutcome> outcome() {
    return enforced.outcome();
  }

  Map<String, Integer> refusals() {
    return trouble.refusals();
  }

  /// Whether there is nothing at all that this host was told to enforce or not to.
  boolean knowsNothing() {
    return kept().isNothing() && stores().local().isEmpty() && stores().persistent().isEmpty();
  }

  /// The bundle in force, for people: number 0 before the first.
  Optional<BundleVersion> running() {
    return kept()
        .current()
        .map(bundle -> bundle.manifest().version())
        .or(() -> gate().map(g -> new BundleVersion(g.floor().epoch(), 0)));
  }

  Duration pollingInterval() {
    return kept()
        .domainPolicy()
        .map(IpsecPolicy::pollingInterval)
        .orElse(IpsecPolicy.DEFAULT_POLLING_INTERVAL);
  }

  List<RuleStatus> rules() {
    return outcome().map(ApplyOutcome::rules).orElse(List.of());
  }

  /// What this host copes with, in words.
  List<String> problems(Instant now) {
    var problems = new ArrayList<>(trouble.start());
    problems.addAll(stores().problems().values());
    long shown = rules().stream().filter(rule -> rule.state() == State.NOT_ENFORCED).count();
    if (shown > 0) {
      problems.add(
          enforced.engine().equals(DryRunEngine.NAME)
              ? "dry run: nothing is enforced, though " + shown + " rules should be"
              : "of " + shown + " rules not all is enforced: their status says what");
    }
    kept()
        .current()
        .map(VerifiedBundle::manifest)
        .map(Manifest::expires)
        .filter(now::isAfter)
        .ifPresent(
            expires -> problems.add("the policy expired " + expires + "; it stays in force"));
    contact.skewProblem().ifPresent(problems::add);
    problems.addAll(contact.problems());
    problems.addAll(enforced.remarks());
    enforced.unkept().ifPresent(problems::add);
    problems.addAll(trouble.drift());
    return problems;
  }

  StatusReport report(Instant now) {
    return new StatusReport(
        now,
        running().map(BundleVersion::toString).orElse(""),
        enforced.engine(),
        outcomeWord(),
        outcomeDetail(),
        rules(),
        List.copyOf(refusals().keySet()),
        problems(now),
        enforced.exempt());
  }

  String outcomeWord() {
    if (outcome().isEmpty()) return "unchanged";
    return switch (outcome().get()) {
      case ApplyOutcome.Unchanged _ -> "unchanged";
      case ApplyOutcome.Applied _ -> "applied";
      case ApplyOutcome.Failed _ -> "failed";
    };
  }

  String outcomeDetail() {
    if (outcome().isEmpty()) return "nothing is known yet; the kernel is left as it is";
    return outcome().get() instanceof ApplyOutcome.Failed(var step, var detail, var _)
        ? step + ": " + detail
        : "";
  }

  AgentState withKept(GateState after, Kept now, String tag) {
    return with(new Held(Optional.of(after), now, tag, stores()));
  }

  AgentState withStores(LocalStores found) {
    return with(new Held(gate(), kept(), etag(), found));
  }

  AgentState withOutcome(ApplyOutcome now, Instant at) {
    Optional<Instant> well =
        now instanceof ApplyOutcome.Failed ? enforced.applied() : Optional.of(at);
    return with(
        new Enforced(
            enforced.engine(),
            Optional.of(now),
            well,
            enforced.exempt(),
            enforced.remarks(),
            enforced.unkept()));
  }

  AgentState withSpd(Spd spd) {
    return with(
        new Enforced(
            enforced.engine(),
            outcome(),
            enforced.applied(),
            spd.exemptLines(),
            Stream.concat(spd.unresolved().stream(), spd.conflicts().stream())
                .map(Object::toString)
                .toList(),
            enforced.unkept()));
  }

  AgentState withUnkept(Optional<String> why) {
    return with(
        new Enforced(
            enforced.engine(),
            outcome(),
            enforced.applied(),
            enforced.exempt(),
            enforced.remarks(),
            why));
  }

  AgentState withContact(Contact now) {
    return new AgentState(held, enforced, now, trouble);
  }

  AgentState withRefusal(String refusal) {
    var more = new LinkedHashMap<>(refusals());
    if (more.size() < MOST_REFUSALS || more.containsKey(refusal)) {
      more.merge(refusal, 1, Integer::sum);
    }
    return with(new Trouble(more, trouble.start(), trouble.drift()));
  }

  /// What was refused before is past.
  AgentState withoutRefusals() {
    return with(new Trouble(Map.of(), trouble.start(), trouble.drift()));
  }

  AgentState withDrift(String repaired) {
    var more = new ArrayList<>(trouble.drift());
    more.add(repaired);
    return with(
        new Trouble(
            refusals(),
            trouble.start(),
            more.subList(Math.max(0, more.size() - MOST_DRIFT), more.size())));
  }

  private AgentState with(Held now) {
    return new AgentState(now, enforced, contact, trouble);
  }

  private AgentState with(Enforced now) {
    return new AgentState(held, now, contact, trouble);
  }

  private AgentState with(Trouble now) {
    return new AgentState(held, enforced, contact, now);
  }
}
