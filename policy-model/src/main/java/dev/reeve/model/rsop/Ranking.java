package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// All links in scope, the one that would win first, each with its verdict.
final class Ranking {

  /// A link with its verdict, or a place where a link may hide that could not be read.
  ///
  /// @param uncertain what nobody knows here, as a sentence; present = nothing below can be said to
  ///   win
  record Judged(
      Optional<LinkVerdict> verdict, Optional<String> uncertain, Optional<Problem> problem) {}

  private final DirectorySnapshot snapshot;
  private final Scope scope;
  private final List<Judged> ranked = new ArrayList<>();
  private int applied;

  private Ranking(DirectorySnapshot snapshot, Scope scope) {
    this.snapshot = snapshot;
    this.scope = scope;
  }

  /// Enforced links first, highest container first; then the others, nearest container first; link
  /// order 1 first in each. That is what Windows does; the text of MS-GPOL 3.2.5.1.5 taken
  /// literally differs (docs/windows-deviations.md).
  static List<Judged> of(DirectorySnapshot snapshot, Scope scope) {
    var ranking = new Ranking(snapshot, scope);
    for (Som som : scope.soms().reversed()) {
      if (!som.complete()) ranking.mayHide(som);
      som.links().stream()
          .filter(GpLink::enforced)
          .forEach(link -> ranking.judge(som, link, Optional.empty()));
    }
    Optional<Dn> blocked = Optional.empty();
    for (Som som : scope.soms()) {
      Optional<Dn> blockedBy = blocked;
      som.links().stream()
          .filter(link -> !link.enforced())
          .forEach(link -> ranking.judge(som, link, blockedBy));
      if (som.blocksInheritance() && blocked.isEmpty()) blocked = Optional.of(som.dn());
    }
    return ranking.ranked;
  }

  /// What cannot be read may be an enforced link of link order 1.
  private void mayHide(Som som) {
    ranked.add(
        new Judged(
            Optional.empty(),
            Optional.of("the links of " + som.dn() + " could not all be read"),
            Optional.empty()));
  }

  private void judge(Som som, GpLink link, Optional<Dn> blockedBy) {
    if (!link.enabled()) {
      deny(
          som,
          link,
          findReadable(link),
          Reason.LINK_DISABLED,
          "the link on " + som.dn() + " is disabled");
      return;
    }
    if (blockedBy.isPresent()) {
      deny(
          som,
          link,
          findReadable(link),
          Reason.INHERITANCE_BLOCKED,
          blockedBy.get() + " blocks inheritance and the link is not enforced");
      return;
    }
    Optional<GpoEntry> entry = snapshot.findGpo(link.gpo());
    if (entry.isEmpty()) {
      lost(
          som,
          link,
          Reason.GPO_MISSING,
          Problem.Code.GPO_MISSING,
          som.dn() + " links " + link.gpo() + ", which does not exist or may not be seen");
      return;
    }
    switch (entry.get()) {
      case GpoEntry.Unreadable(var dn, var detail) ->
          lost(
              som,
              link,
              Reason.GPO_UNREADABLE,
              Problem.Code.GPO_UNREADABLE,
              dn + " cannot be read: " + detail);
      case Gpo gpo -> judge(som, link, gpo);
    }
  }

  private void judge(Som som, GpLink link, Gpo gpo) {
    var found = Optional.of(gpo);
    if (gpo.functionalityVersion() != 2) {
      deny(
          som,
          link,
          found,
          Reason.FUNCTIONALITY_VERSION,
          gpo.dn() + " has gPCFunctionalityVersion " + gpo.functionalityVersion() + ", expected 2");
      return;
    }
    if (gpo.computerSettingsDisabled()) {
      deny(
          som,
          link,
          found,
          Reason.GPO_DISABLED,
          "flags of " + gpo.dn() + " switch its computer settings off");
      return;
    }
    switch (scope.token().ask(gpo.securityFilter(), snapshot)) {
      case Token.Answer.Denied(var because) ->
          deny(som, link, found, Reason.SECURITY_FILTERED, gpo.dn() + ": " + because);
      case Token.Answer.Uncertain(var entry, var because) -> {
        String sentence = gpo.dn() + " " + because;
        add(
            verdict(som, link, found, Reason.SECURITY_FILTERED, sentence),
            Optional.of(sentence),
            Optional.of(
                new Problem(
                    entry,
                    "",
                    Problem.Code.GROUP_UNREADABLE,
                    "filters GPO " + gpo.name() + " and is missing or unreadable")));
      }
      case Token.Answer.Allowed _ -> judgeContent(som, link, gpo);
    }
  }

  private void judgeContent(Som som, GpLink link, Gpo gpo) {
    var found = Optional.of(gpo);
    if (gpo.machineVersion() == 0) {
      deny(
          som,
          link,
          found,
          Reason.EMPTY,
          "the computer half of versionNumber of " + gpo.dn() + " is 0");
      return;
    }
    if (gpo.factFilter().isPresent()) {
      Dn filter = gpo.factFilter().get();
      Optional<FactFilter> query = snapshot.findFactFilter(filter);
      FactTest.Answer answer =
          query
              .map(f -> FactTest.ask(f, scope.facts()))
              .orElseGet(() ->
                  new FactTest.Answer.NotEvaluated(
                      Problem.Code.FACT_FILTER_MISSING, "missing or unreadable"));
      switch (answer) {
        case FactTest.Answer.Passed _ -> {}
        case FactTest.Answer.Failed(var because) -> {
          deny(som, link, found, Reason.FACT_FILTERED, "filter " + filter + ": " + because);
          return;
        }
        case FactTest.Answer.NotEvaluated(var code, var detail) -> {
          String because = "filter " + filter + " cannot be evaluated and so denies: " + detail;
          // One that cannot be seen may be an access slip: it denies, and withdraws nothing.
          boolean lost = code == Problem.Code.FACT_FILTER_MISSING;
          add(
              verdict(som, link, found, Reason.FACT_FILTERED, because),
              lost ? Optional.of(because) : Optional.empty(),
              Optional.of(new Problem(filter.toString(), "msWMI-Parm2", code, detail)));
          return;
        }
      }
    }
    applied++;
    add(
        new LinkVerdict(
            link,
            found,
            som.dn(),
            Optional.empty(),
            OptionalInt.of(applied),
            (link.enforced() ? "enforced" : "linked")
                + " on "
                + som.dn()
                + ", link order "
                + link.linkOrder()),
        Optional.empty(),
        Optional.empty());
  }

  private Optional<Gpo> findReadable(GpLink link) {
    return snapshot
        .findGpo(link.gpo())
        .flatMap(entry -> entry instanceof Gpo gpo ? Optional.of(gpo) : Optional.empty());
  }

  private void deny(Som som, GpLink link, Optional<Gpo> gpo, Reason reason, String because) {
    add(verdict(som, link, gpo, reason, because), Optional.empty(), Optional.empty());
  }

  private void lost(Som som, GpLink link, Reason reason, Problem.Code code, String because) {
    add(
        verdict(som, link, Optional.empty(), reason, because),
        Optional.of(because),
        Optional.of(new Problem(som.dn().toString(), "gPLink", code, because)));
  }

  private static LinkVerdict verdict(
      Som som, GpLink link, Optional<Gpo> gpo, Reason reason, String because) {
    return new LinkVerdict(link, gpo, som.dn(), Optional.of(reason), OptionalInt.empty(), because);
  }

  private void add(LinkVerdict verdict, Optional<String> uncertain, Optional<Problem> problem) {
    ranked.add(new Judged(Optional.of(verdict), uncertain, problem));
  }
}
