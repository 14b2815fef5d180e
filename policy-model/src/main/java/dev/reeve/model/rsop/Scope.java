package dev.reeve.model.rsop;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a computer stands: all that its result depends on beside the GPOs themselves.
///
/// @param soms nearest OU first, then the domain, last the site; one that cannot be read is there
///   as incomplete
/// @param complete false when the site or the computer itself could not be read
record Scope(
    List<Som> soms,
    Site site,
    Token token,
    Map<String, String> facts,
    boolean complete,
    List<Problem> problems) {

  Scope {
    soms = List.copyOf(soms);
    problems = List.copyOf(problems);
  }

  static Scope of(DirectorySnapshot snapshot, RsopQuery query) {
    var problems = new ArrayList<Problem>();
    Optional<Computer> computer = snapshot.findComputer(query.computer());
    boolean complete = true;
    if (computer.isEmpty() && query.container().isEmpty()) {
      problems.add(
          new Problem(
              query.computer().toString(),
              "",
              Problem.Code.COMPUTER_MISSING,
              "no readable computer entry of that name"));
      complete = false;
    }
    var soms = new ArrayList<Som>();
    for (Dn container : containers(query)) {
      Optional<Som> som = snapshot.findSom(container);
      if (som.isEmpty()) {
        problems.add(
            new Problem(
                container.toString(),
                "",
                Problem.Code.CONTAINER_MISSING,
                "no readable entry; its links are unknown"));
      }
      soms.add(som.orElseGet(() -> missing(container)));
    }
    Site site = Site.find(snapshot, query, computer);
    site.problem().ifPresent(problems::add);
    site.som().ifPresent(soms::add);
    Token token = Token.of(snapshot, query, computer);
    return new Scope(soms, site, token, query.facts(), complete && site.complete(), problems);
  }

  /// The OUs above the computer and its domain: names that start with OU= or DC=, up to the first
  /// DC= (MS-GPOL 3.2.5.1.3).
  private static List<Dn> containers(RsopQuery query) {
    var found = new ArrayList<Dn>();
    Optional<Dn> at = query.place();
    while (at.isPresent()) {
      Dn dn = at.get();
      boolean domain = dn.isNamedBy("dc");
      if (domain || dn.isNamedBy("ou")) found.add(dn);
      if (domain) break;
      at = dn.parent();
    }
    return found;
  }

  private static Som missing(Dn dn) {
    Som.Kind kind = dn.isNamedBy("dc") ? Som.Kind.DOMAIN : Som.Kind.OU;
    return new Som(dn, kind, List.of(), false, false);
  }
}
