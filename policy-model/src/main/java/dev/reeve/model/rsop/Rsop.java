package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import dev.reeve.model.ipsec.HostSetting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Resultant set of policy: what a computer's GPOs come to, and why. Logging and planning are the
/// same call.
///
/// @param computer as asked for
/// @param site its name; empty = in no site
/// @param siteFrom how the site was found, for people
/// @param containers nearest OU first, then domain, then site
/// @param links one verdict per link in scope: applied ones by precedence, 1 first, then the denied
///   ones in the order they would have had
/// @param problems what an administrator should mend, as far as it concerns this computer
public record Rsop(
    Dn computer,
    Optional<String> site,
    String siteFrom,
    List<Dn> containers,
    List<LinkVerdict> links,
    PolicyResult assignment,
    PolicyResult persistent,
    ResolvedSettings settings,
    List<Problem> problems) {

  public Rsop {
    containers = List.copyOf(containers);
    links = List.copyOf(links);
    problems = List.copyOf(problems);
  }

  public static Rsop resolve(DirectorySnapshot snapshot, RsopQuery query) {
    return resolve(snapshot, Scope.of(snapshot, query), query.computer());
  }

  static Rsop resolve(DirectorySnapshot snapshot, Scope scope, Dn computer) {
    List<Ranking.Judged> ranking = Ranking.of(snapshot, scope);
    var problems = new LinkedHashSet<>(scope.problems());
    var links = verdicts(ranking);
    PolicyResult assignment = policy(snapshot, scope, ranking, Gpo::ipsecPolicy, problems);
    PolicyResult persistent = policy(snapshot, scope, ranking, Gpo::persistentPolicy, problems);
    ranking.forEach(judged -> judged.problem().ifPresent(problems::add));
    problems.addAll(Concerns.of(snapshot, scope, links));
    return new Rsop(
        computer,
        scope.site().som().map(som -> som.dn().name()),
        scope.site().from(),
        scope.soms().stream().map(Som::dn).toList(),
        links,
        assignment,
        persistent,
        settings(scope, ranking),
        List.copyOf(problems));
  }

  /// The result when nothing can be said of a computer.
  ///
  /// @param problem why
  public static Rsop unknown(Dn computer, Problem problem) {
    var unknown = new PolicyResult.Unknown(problem.toString());
    return new Rsop(
        computer,
        Optional.empty(),
        "unknown",
        List.of(),
        List.of(),
        unknown,
        unknown,
        new ResolvedSettings(Map.of(), false),
        List.of(problem));
  }

  /// The same result for another computer of the same class.
  Rsop of(Dn other) {
    return new Rsop(
        other, site, siteFrom, containers, links, assignment, persistent, settings, problems);
  }

  private static List<LinkVerdict> verdicts(List<Ranking.Judged> ranking) {
    var applied = new ArrayList<LinkVerdict>();
    var denied = new ArrayList<LinkVerdict>();
    for (Ranking.Judged judged : ranking) {
      judged.verdict().ifPresent(verdict -> (verdict.applied() ? applied : denied).add(verdict));
    }
    applied.addAll(denied);
    return applied;
  }

  /// One whole policy wins: that of the highest-precedence applied GPO that assigns one. Whatever
  /// stands above it and cannot be read makes the result unknown.
  private static PolicyResult policy(
      DirectorySnapshot snapshot,
      Scope scope,
      List<Ranking.Judged> ranking,
      Function<Gpo, PolicyPointer> pointer,
      LinkedHashSet<Problem> problems) {
    if (!scope.complete()) return new PolicyResult.Unknown(scope.problems().getFirst().toString());
    for (Ranking.Judged judged : ranking) {
      Optional<Gpo> readable = judged.verdict().flatMap(LinkVerdict::gpo);
      boolean silent =
          readable.filter(g -> pointer.apply(g) == PolicyPointer.None.NONE).isPresent();
      if (silent) continue; // whether it applies or not, it assigns none
      if (judged.uncertain().isPresent()) return new PolicyResult.Unknown(judged.uncertain().get());
      Optional<Gpo> gpo = judged.verdict().filter(LinkVerdict::applied).flatMap(LinkVerdict::gpo);
      if (gpo.isEmpty()) continue;
      switch (pointer.apply(gpo.get())) {
        case PolicyPointer.None _ -> {}
        case PolicyPointer.Unreadable(var detail) -> {
          return new PolicyResult.Unknown(
              "GPO " + gpo.get().name() + " assigns a policy that cannot be read: " + detail);
        }
        case PolicyPointer.To(var dn) -> {
          return assigned(snapshot, gpo.get(), dn, problems);
        }
      }
    }
    return PolicyResult.Unassigned.UNASSIGNED;
  }

  private static PolicyResult assigned(
      DirectorySnapshot snapshot, Gpo gpo, Dn dn, LinkedHashSet<Problem> problems) {
    Optional<PolicyEntry> entry = snapshot.findPolicy(dn);
    if (entry.isEmpty()) {
      problems.add(
          new Problem(
              gpo.dn().toString(),
              "ipsecOwnersReference",
              Problem.Code.POLICY_MISSING,
              "assigns " + dn + ", which is missing or unreadable"));
      return new PolicyResult.Unknown(
          "GPO " + gpo.name() + " assigns " + dn + ", which is missing or unreadable");
    }
    return switch (entry.get()) {
      case PolicyEntry.Readable(var policy) -> new PolicyResult.Assigned(gpo, dn, policy);
      case PolicyEntry.Unreadable(var detail) ->
          new PolicyResult.Unknown(
              "GPO " + gpo.name() + " assigns " + dn + ", which is not whole: " + detail);
    };
  }

  private static ResolvedSettings settings(Scope scope, List<Ranking.Judged> ranking) {
    var values = new EnumMap<HostSetting, ResolvedSettings.Sourced>(HostSetting.class);
    boolean complete = scope.complete();
    for (Ranking.Judged judged : ranking) {
      Optional<Gpo> readable = judged.verdict().flatMap(LinkVerdict::gpo);
      boolean silent = readable.filter(g -> g.settings().values().isEmpty()).isPresent();
      if (judged.uncertain().isPresent() && !silent) complete = false;
      judged
          .verdict()
          .filter(LinkVerdict::applied)
          .flatMap(LinkVerdict::gpo)
          .ifPresent(gpo ->
              gpo.settings()
                  .values()
                  .forEach((setting, value) ->
                      values.putIfAbsent(setting, new ResolvedSettings.Sourced(value, gpo))));
    }
    return new ResolvedSettings(values, complete);
  }
}
