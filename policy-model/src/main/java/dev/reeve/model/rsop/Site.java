package dev.reeve.model.rsop;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import dev.reeve.model.gp.Subnet;
import dev.reeve.model.net.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The site a computer is in, and how that was found out.
///
/// @param som empty = in no site
/// @param from for people; part of the RSoP document
/// @param complete false when it should be in a site that cannot be read
/// @param problem what to tell the administrator
record Site(Optional<Som> som, String from, boolean complete, Optional<Problem> problem) {

  /// The most specific subnet wins, then the site's DN; source: MS-ADTS 6.3.3, completed in docs.
  private static final Comparator<Match> BEST =
      Comparator.comparingInt((Match m) -> -m.subnet.prefix().length())
          .thenComparing(m -> m.subnet.site().map(Dn::key).orElse("￿"))
          .thenComparing(m -> m.subnet.dn())
          .thenComparing(Match::address);

  private record Match(IpAddress address, Subnet subnet) {}

  static Site find(DirectorySnapshot snapshot, RsopQuery query, Optional<Computer> computer) {
    if (query.site().isPresent()) return named(snapshot, query.site().get());
    Map<Dn, Som> sites = snapshot.sites();
    if (sites.size() < 2 && allVisible(snapshot)) {
      return sites.isEmpty()
          ? none("the directory has no sites")
          : in(sites.values().iterator().next(), "the only site");
    }
    boolean reported = !query.addresses().isEmpty();
    List<IpAddress> addresses =
        reported ? query.addresses() : computer.map(Computer::addresses).orElse(List.of());
    if (addresses.isEmpty()) return none("no address known");
    String whose = reported ? "reported address" : "ipHostNumber";
    return addresses.stream()
        .flatMap(address -> snapshot.subnetsOf(address).stream().map(s -> new Match(address, s)))
        .min(BEST)
        .map(match -> of(snapshot, match, whose))
        .orElseGet(() -> none("no subnet holds the " + whose));
  }

  /// A site that a subnet names and nobody can read is a site nevertheless.
  private static boolean allVisible(DirectorySnapshot snapshot) {
    return snapshot.namedSites().stream().allMatch(site -> snapshot.findSom(site).isPresent());
  }

  private static Site of(DirectorySnapshot snapshot, Match match, String whose) {
    Subnet subnet = match.subnet;
    String from = "subnet " + subnet.prefix() + " holds the " + whose;
    if (subnet.site().isEmpty()) {
      return new Site(
          Optional.empty(),
          from + ", which has no site",
          true,
          Optional.of(
              new Problem(
                  subnet.dn().toString(),
                  "siteObject",
                  Problem.Code.SUBNET_WITHOUT_SITE,
                  "the subnet belongs to no site")));
    }
    Dn site = subnet.site().get();
    return snapshot
        .findSom(site)
        .map(som -> in(som, from))
        .orElseGet(() ->
            unreadable(
                from,
                subnet.dn().toString(),
                "siteObject",
                "names " + site + ", which is missing or unreadable"));
  }

  private static Site named(DirectorySnapshot snapshot, String name) {
    Optional<Dn> dn = Dn.find(name);
    return snapshot.sites().values().stream()
        .filter(som ->
            som.dn().name().equalsIgnoreCase(name) || dn.filter(som.dn()::equals).isPresent())
        .min(Comparator.comparing(Som::dn))
        .map(som -> in(som, "assumed"))
        .orElseGet(() ->
            unreadable("assumed", name, "", "no site of that name; known: " + names(snapshot)));
  }

  private static String names(DirectorySnapshot snapshot) {
    return String.join(
        ", ", snapshot.sites().values().stream().map(som -> som.dn().name()).sorted().toList());
  }

  private static Site in(Som site, String from) {
    return new Site(Optional.of(site), from, true, Optional.empty());
  }

  private static Site none(String from) {
    return new Site(Optional.empty(), from, true, Optional.empty());
  }

  private static Site unreadable(String from, String dn, String attribute, String detail) {
    return new Site(
        Optional.empty(),
        from,
        false,
        Optional.of(new Problem(dn, attribute, Problem.Code.SITE_UNKNOWN, detail)));
  }
}
