package dev.reeve.agent;

import dev.reeve.agent.disk.Kept;
import dev.reeve.agent.disk.LocalStores;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that the agent knows, at one moment. Only the loop makes a new one; anybody may read it.
///
/// @param gate empty on a host that has not joined
/// @param outcome of the last time the engine was asked; empty before the first
/// @param refusals what the gate refused since the server last said something useful, with counts
/// @param startProblems found when the agent started: a torn cache, a copied machine
/// @param drift what was repaired, newest last
record AgentState(
    Optional<GateState> gate,
    Kept kept,
    String etag,
    LocalStores stores,
    String engine,
    Optional<ApplyOutcome> outcome,
    Optional<Instant> applied,
    Contact contact,
    Map<String, Integer> refusals,
    List<String> startProblems,
    List<String> drift,
    List<String> exempt) {

  private static final int MOST_REFUSALS = 20;
  private static final int MOST_DRIFT = 10;

  AgentState {
    refusals = new LinkedHashMap<>(refusals);
    startProblems = List.copyOf(startProblems);
    drift = List.copyOf(drift);
    exempt = List.copyOf(exempt);
  }

  static AgentState first(String engine, Contact contact) {
    return new AgentState(
        Optional.empty(),
        Kept.NOTHING,
        "",
        LocalStores.NONE,
        engine,
        Optional.empty(),
        Optional.empty(),
        contact,
        Map.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /// Whether there is anything at all that this host was told to enforce or not to.
  boolean knowsNothing() {
    return kept.isNothing() && stores.local().isEmpty() && stores.persistent().isEmpty();
  }

  /// The bundle in force, for people: number 0 before the first.
  Optional<BundleVersion> running() {
    return kept.current()
        .map(bundle -> bundle.manifest().version())
        .or(() -> gate.map(g -> new BundleVersion(g.floor().epoch(), 0)));
  }

  Duration pollingInterval() {
    return kept.domainPolicy()
        .map(IpsecPolicy::pollingInterval)
        .orElse(IpsecPolicy.DEFAULT_POLLING_INTERVAL);
  }

  List<RuleStatus> rules() {
    return outcome.map(ApplyOutcome::rules).orElse(List.of());
  }

  /// What this host copes with, in words.
  List<String> problems(Instant now) {
    var problems = new ArrayList<>(startProblems);
    problems.addAll(stores.problems());
    kept.current()
        .map(VerifiedBundle::manifest)
        .map(Manifest::expires)
        .filter(expires -> now.isAfter(expires))
        .ifPresent(
            expires -> problems.add("the policy expired " + expires + "; it stays in force"));
    contact.skewProblem().ifPresent(problems::add);
    problems.addAll(contact.problems());
    problems.addAll(drift);
    return problems;
  }

  StatusReport report(Instant now) {
    return new StatusReport(
        now,
        running().map(BundleVersion::toString).orElse(""),
        engine,
        outcomeWord(),
        outcomeDetail(),
        rules(),
        List.copyOf(refusals.keySet()),
        problems(now),
        exempt);
  }

  String outcomeWord() {
    if (outcome.isEmpty()) return "unchanged";
    return switch (outcome.get()) {
      case ApplyOutcome.Unchanged _ -> "unchanged";
      case ApplyOutcome.Applied _ -> "applied";
      case ApplyOutcome.Failed _ -> "failed";
    };
  }

  String outcomeDetail() {
    if (outcome.isEmpty()) return "nothing is known yet; the kernel is left as it is";
    return outcome.get() instanceof ApplyOutcome.Failed(var step, var detail, var _)
        ? step + ": " + detail
        : "";
  }

  AgentState withStart(GateState loaded, Kept found, String tag) {
    return new AgentState(
        Optional.of(loaded),
        found,
        tag,
        stores,
        engine,
        outcome,
        applied,
        contact,
        refusals,
        startProblems,
        drift,
        exempt);
  }

  /// With a bundle kept; what was refused before is past.
  AgentState withKept(GateState after, Kept now, String tag) {
    return new AgentState(
        Optional.of(after),
        now,
        tag,
        stores,
        engine,
        outcome,
        applied,
        contact,
        Map.of(),
        startProblems,
        drift,
        exempt);
  }

  AgentState withStores(LocalStores found) {
    return new AgentState(
        gate,
        kept,
        etag,
        found,
        engine,
        outcome,
        applied,
        contact,
        refusals,
        startProblems,
        drift,
        exempt);
  }

  AgentState withOutcome(ApplyOutcome now, Instant at, List<String> exemptions) {
    return new AgentState(
        gate,
        kept,
        etag,
        stores,
        engine,
        Optional.of(now),
        now instanceof ApplyOutcome.Failed ? applied : Optional.of(at),
        contact,
        refusals,
        startProblems,
        drift,
        exemptions);
  }

  AgentState withContact(Contact now) {
    return new AgentState(
        gate,
        kept,
        etag,
        stores,
        engine,
        outcome,
        applied,
        now,
        refusals,
        startProblems,
        drift,
        exempt);
  }

  AgentState withRefusal(String refusal) {
    var more = new LinkedHashMap<>(refusals);
    if (more.size() < MOST_REFUSALS || more.containsKey(refusal)) {
      more.merge(refusal, 1, Integer::sum);
    }
    return withRefusals(more);
  }

  AgentState withRefusals(Map<String, Integer> now) {
    return new AgentState(
        gate,
        kept,
        etag,
        stores,
        engine,
        outcome,
        applied,
        contact,
        now,
        startProblems,
        drift,
        exempt);
  }

  AgentState withStartProblems(List<String> found) {
    return new AgentState(
        gate, kept, etag, stores, engine, outcome, applied, contact, refusals, found, drift,
        exempt);
  }

  AgentState withDrift(String repaired) {
    var more = new ArrayList<>(drift);
    more.add(repaired);
    return new AgentState(
        gate,
        kept,
        etag,
        stores,
        engine,
        outcome,
        applied,
        contact,
        refusals,
        startProblems,
        more.subList(Math.max(0, more.size() - MOST_DRIFT), more.size()),
        exempt);
  }
}
