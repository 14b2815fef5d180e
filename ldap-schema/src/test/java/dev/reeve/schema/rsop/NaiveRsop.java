package dev.reeve.schema.rsop;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules once more, word by word from the specification and without a thought to speed: lists
/// of text, applied in order, the last one wins. It shares no code with the real one.
///
/// What cannot be read is taken as the worst that could be there: a GPO that assigns "?". If that
/// wins, nobody knows.
final class NaiveRsop {

  /// @param links `Name@SOM` and a precedence or a reason: applied ones first, highest precedence
  ///   first
  /// @param assigned a GPO's name, `none` or `unknown`
  /// @param persistent the same
  /// @param settings key → `value@GPO`
  /// @param complete whether no setting can have been missed
  /// @param notEvaluated names of fact filters that could not be evaluated, or `gone`
  /// @param site a name or `-`
  record Answer(
      List<String> links,
      String assigned,
      String persistent,
      Map<String, String> settings,
      boolean complete,
      Set<String> notEvaluated,
      String site) {}

  /// A link where it stands. What could not be read may hide one that assigns anything.
  ///
  /// @param fate empty, or why it does not count, or `HIDES`
  private record Link(String gpo, String som, String fate) {}

  private final RandomDomain domain;
  private final String computer;
  private final List<String> applied = new ArrayList<>();
  private final List<String> denied = new ArrayList<>();
  private final Map<String, String> settings = new TreeMap<>();
  private final Set<String> notEvaluated = new TreeSet<>();
  private String assigned = "none";
  private String persistent = "none";
  private boolean complete = true;

  private NaiveRsop(RandomDomain domain, String computer) {
    this.domain = domain;
    this.computer = computer;
  }

  static Answer resolve(RandomDomain domain, String computer) {
    return new NaiveRsop(domain, computer).answer();
  }

  private Answer answer() {
    String site = site();
    for (Link link : inOrder(containers(site))) apply(link); // the last one wins
    if (site.equals("?")) {
      assigned = "unknown";
      persistent = "unknown";
      complete = false;
    }
    var links = new ArrayList<String>();
    for (String link : applied) links.add(link + " " + (links.size() + 1));
    links.addAll(denied);
    return new Answer(
        links,
        assigned,
        persistent,
        settings,
        complete,
        notEvaluated,
        site.equals("?") ? "-" : site);
  }

  private List<String> containers(String site) {
    var containers = new ArrayList<String>();
    // start at the parent, keep OU= and DC=, stop at the first DC=
    for (String at = up(computer); ; at = up(at)) {
      if (at.startsWith("OU=") || at.startsWith("DC=")) containers.add(at);
      if (at.startsWith("DC=")) break;
    }
    if (!site.equals("-") && !site.equals("?")) containers.add(RandomDomain.site(site));
    return containers;
  }

  private List<Link> inOrder(List<String> containers) {
    var normal = new ArrayList<List<Link>>(); // N(SOM), nearest first
    var enforced = new ArrayList<List<Link>>(); // E(SOM), nearest first
    boolean blocked = false;
    for (String som : containers) {
      var n = new ArrayList<Link>();
      var e = new ArrayList<Link>();
      RandomDomain.RawSom raw = domain.soms().get(som);
      if (raw != null) {
        for (String entry : raw.gpLink()) {
          int options = entry.charAt(entry.length() - 1) - '0';
          boolean enforces = options == 2 || options == 3;
          boolean disabled = options == 1 || options == 3;
          String fate =
              disabled ? "LINK_DISABLED" : blocked && !enforces ? "INHERITANCE_BLOCKED" : "";
          (enforces ? e : n).add(new Link(entry.substring(0, entry.length() - 2), som, fate));
        }
      }
      if (raw == null || !raw.complete()) e.add(new Link("?", som, "HIDES"));
      normal.add(n);
      enforced.add(e);
      if (raw != null && raw.gpOptions() == 1) blocked = true;
    }
    var application = new ArrayList<Link>();
    normal.reversed().forEach(application::addAll); // site, domain, outer OU … nearest OU
    enforced.forEach(application::addAll); // nearest OU … outer OU, domain, site
    return application;
  }

  private void apply(Link link) {
    if (link.fate().equals("HIDES")) {
      anythingMayStandHere();
      return;
    }
    if (!link.fate().isEmpty()) {
      deny(link, link.fate());
      return;
    }
    RandomDomain.RawGpo gpo = Objects.requireNonNull(domain.gpos().get(link.gpo()));
    if (!gpo.state().equals("readable")) {
      deny(link, gpo.state().equals("missing") ? "GPO_MISSING" : "GPO_UNREADABLE");
      anythingMayStandHere();
      return;
    }
    if (gpo.functionality() != 2) {
      deny(link, "FUNCTIONALITY_VERSION");
      return;
    }
    if ((gpo.flags() & 2) == 2) {
      deny(link, "GPO_DISABLED");
      return;
    }
    Set<Boolean> may = mayApply(gpo);
    if (may.size() == 2) {
      deny(link, "SECURITY_FILTERED");
      perhaps(gpo);
      return;
    }
    if (may.contains(false)) {
      deny(link, "SECURITY_FILTERED");
      return;
    }
    if (gpo.version() % 65536 == 0) {
      deny(link, "EMPTY");
      return;
    }
    if (gpo.filter().isPresent() && !passes(gpo.filter().get())) {
      deny(link, "FACT_FILTERED");
      if (gpo.filter().get().equals("gone")) perhaps(gpo);
      return;
    }
    applied.addFirst(link.gpo() + "@" + link.som());
    if (!gpo.assigns().equals("nothing"))
      assigned = gpo.assigns().equals("itself") ? link.gpo() : "unknown";
    if (!gpo.persistent().equals("nothing"))
      persistent = gpo.persistent().equals("itself") ? link.gpo() : "unknown";
    gpo.settings().forEach((key, value) -> settings.put(key, value + "@" + link.gpo()));
  }

  private void deny(Link link, String reason) {
    denied.addFirst(link.gpo() + "@" + link.som() + " " + reason);
  }

  private void anythingMayStandHere() {
    assigned = "unknown";
    persistent = "unknown";
    complete = false;
  }

  /// Nobody knows whether it applies; that matters where it says something.
  private void perhaps(RandomDomain.RawGpo gpo) {
    if (!gpo.assigns().equals("nothing")) assigned = "unknown";
    if (!gpo.persistent().equals("nothing")) persistent = "unknown";
    if (!gpo.settings().isEmpty()) complete = false;
  }

  /// Every query must return a row; what cannot be evaluated denies, and is told.
  private boolean passes(String filter) {
    if (filter.equals("gone")) {
      notEvaluated.add(filter);
      return false;
    }
    boolean all = true;
    for (RandomDomain.RawQuery query : domain.filters().getOrDefault(filter, List.of())) {
      try {
        all &= NaiveWql.hasRow(query.namespace(), query.text(), domain.facts());
      } catch (NaiveWql.CannotEvaluate e) {
        notEvaluated.add(filter);
        return false;
      }
    }
    return all;
  }

  private static String up(String dn) {
    return dn.substring(dn.indexOf(',') + 1);
  }

  /// A site's name, `-` for none, `?` when nobody can know it.
  private String site() {
    var known = new TreeSet<String>();
    for (String dn : domain.soms().keySet()) {
      if (dn.contains(",CN=Sites,")) known.add(dn.substring(3, dn.indexOf(',')));
    }
    Set<String> visible = Set.copyOf(known);
    for (var subnet : domain.subnets()) if (!subnet.site().isEmpty()) known.add(subnet.site());
    if (known.isEmpty()) return "-";
    if (known.size() == 1 && visible.size() == 1) return known.first();
    Optional<RandomDomain.RawSubnet> best = Optional.empty();
    for (var subnet : domain.subnets()) {
      if (domain.addresses().stream().noneMatch(a -> holds(subnet.prefix(), a))) continue;
      if (best.isEmpty() || length(subnet) > length(best.get())) best = Optional.of(subnet);
      else if (length(subnet) == length(best.get()) && before(subnet.site(), best.get().site()))
        best = Optional.of(subnet);
    }
    if (best.isEmpty() || best.get().site().isEmpty()) return "-";
    return visible.contains(best.get().site()) ? best.get().site() : "?";
  }

  private static boolean before(String site, String other) {
    return !site.isEmpty() && (other.isEmpty() || site.compareToIgnoreCase(other) < 0);
  }

  private static int length(RandomDomain.RawSubnet subnet) {
    return Integer.parseInt(subnet.prefix().substring(subnet.prefix().indexOf('/') + 1));
  }

  private static boolean holds(String prefix, String address) {
    String network = bits(prefix.substring(0, prefix.indexOf('/')));
    String host = bits(address);
    int length = Integer.parseInt(prefix.substring(prefix.indexOf('/') + 1));
    return network.length() == host.length() && host.startsWith(network.substring(0, length));
  }

  private static String bits(String address) {
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    String digits = new BigInteger(1, bytes).toString(2);
    return "0".repeat(bytes.length * 8 - digits.length()) + digits;
  }

  /// The answers of all worlds: a name that cannot be read may be a group, and the computer in it.
  private Set<Boolean> mayApply(RandomDomain.RawGpo gpo) {
    var names = new ArrayList<>(List.of(RandomDomain.BARE, RandomDomain.DARK));
    for (String name : gpo.apply()) names.add(RandomDomain.trustee(name));
    for (String name : gpo.deny()) names.add(RandomDomain.trustee(name));
    names.removeIf(name ->
        domain.computers().contains(name)
            || domain.groups().keySet().stream().anyMatch(g -> RandomDomain.group(g).equals(name)));
    var answers = new HashSet<Boolean>();
    for (int world = 0; world < 1 << names.size(); world++) {
      var in = new HashSet<String>();
      for (int i = 0; i < names.size(); i++) if ((world >> i & 1) == 1) in.add(names.get(i));
      answers.add(mayApply(gpo, in));
    }
    return answers;
  }

  private boolean mayApply(RandomDomain.RawGpo gpo, Set<String> alsoIn) {
    var token = new HashSet<>(alsoIn); // DNs
    token.add(computer);
    token.add(RandomDomain.EVERYONE);
    token.add(RandomDomain.AUTHENTICATED);
    String primary = domain.primaryGroups().get(computer);
    if (primary != null) token.add(RandomDomain.group(primary));
    for (int round = 0; round < 10; round++) { // nested groups, also in circles
      domain
          .groups()
          .forEach((name, members) -> {
            if (members.stream().anyMatch(token::contains)) token.add(RandomDomain.group(name));
          });
    }
    if (gpo.acl().isPresent()) {
      var sids = new HashSet<>(Arrays.asList("S-1-1-0", "S-1-5-11", RandomDomain.sid(computer)));
      for (String group : domain.groups().keySet())
        if (token.contains(RandomDomain.group(group))) sids.add(RandomDomain.sid(group));
      return granted("R", gpo.acl().get(), sids) && granted("A", gpo.acl().get(), sids);
    }
    if (gpo.deny().stream().map(RandomDomain::trustee).anyMatch(token::contains)) return false;
    return gpo.apply().isEmpty()
        || gpo.apply().stream().map(RandomDomain::trustee).anyMatch(token::contains);
  }

  private static boolean granted(String right, List<String> acl, Set<String> sids) {
    for (String ace : acl) {
      String[] part = ace.split(" ");
      if (part[1].contains(right) && sids.contains(part[2])) return part[0].equals("+");
    }
    return false;
  }
}
