package dev.reeve.model.rsop;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The rules once more, word by word from the specification and without a thought to speed: lists
/// of text, applied in order, the last one wins. It shares no code with the real one.
///
/// What cannot be read is taken as the worst that could be there: a GPO that assigns "?". If that
/// wins, nobody knows.
final class NaiveRsop {

  /// @param applied highest precedence first, `Name@SOM`
  /// @param assigned a GPO's name, `none` or `unknown`
  /// @param site a name or `-`
  record Answer(List<String> applied, String assigned, String site) {}

  private final RandomDomain domain;
  private final String computer;

  private NaiveRsop(RandomDomain domain, String computer) {
    this.domain = domain;
    this.computer = computer;
  }

  static Answer resolve(RandomDomain domain, String computer) {
    return new NaiveRsop(domain, computer).answer();
  }

  private Answer answer() {
    String site = site();
    var containers = new ArrayList<String>();
    // start at the parent, keep OU= and DC=, stop at the first DC=
    for (String at = up(computer); ; at = up(at)) {
      if (at.startsWith("OU=") || at.startsWith("DC=")) containers.add(at);
      if (at.startsWith("DC=")) break;
    }
    if (!site.equals("-") && !site.equals("?")) containers.add(RandomDomain.site(site));

    var normal = new ArrayList<List<String>>(); // N(SOM), nearest first
    var enforced = new ArrayList<List<String>>(); // E(SOM), nearest first
    boolean blocked = false;
    for (String som : containers) {
      var n = new ArrayList<String>();
      var e = new ArrayList<String>();
      RandomDomain.RawSom raw = domain.soms().get(som);
      if (raw != null) {
        for (String entry : raw.gpLink()) {
          int options = entry.charAt(entry.length() - 1) - '0';
          String link = entry.substring(0, entry.length() - 2) + "@" + som;
          if (options == 1 || options == 3) continue;
          if (options == 2) e.add(link);
          else if (!blocked) n.add(link);
        }
      }
      if (raw == null || !raw.complete()) e.add("?@" + som);
      normal.add(n);
      enforced.add(e);
      if (raw != null && raw.gpOptions() == 1) blocked = true;
    }
    var application = new ArrayList<String>();
    normal.reversed().forEach(application::addAll); // site, domain, outer OU … nearest OU
    enforced.forEach(application::addAll); // nearest OU … outer OU, domain, site

    var applied = new ArrayList<String>();
    String assigned = "none";
    for (String link : application) { // the last one wins
      String name = link.substring(0, link.indexOf('@'));
      if (name.equals("?")) {
        assigned = "unknown";
        continue;
      }
      RandomDomain.RawGpo gpo = Objects.requireNonNull(domain.gpos().get(name));
      if (!gpo.state().equals("readable")) {
        assigned = "unknown";
        continue;
      }
      if (gpo.functionality() != 2 || (gpo.flags() & 2) == 2) continue;
      boolean apartFromLost = mayApply(gpo, Set.of());
      boolean withLost = mayApply(gpo, Set.of("lost-1"));
      boolean certain = apartFromLost == withLost;
      if (certain && !apartFromLost) continue;
      if (gpo.version() % 65536 == 0 && certain) continue;
      if (certain) applied.addFirst(link);
      switch (gpo.assigns()) {
        case "nothing" -> {}
        case "itself" -> assigned = certain ? name : "unknown";
        default -> assigned = "unknown";
      }
    }
    if (site.equals("?")) assigned = "unknown";
    return new Answer(applied, assigned, site.equals("?") ? "-" : site);
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

  private boolean mayApply(RandomDomain.RawGpo gpo, Set<String> lostGroupsItIsIn) {
    var token = new HashSet<>(lostGroupsItIsIn);
    for (int round = 0; round < 10; round++) { // nested groups, also in circles
      domain
          .groups()
          .forEach((name, members) -> {
            for (String member : members) {
              boolean isIt = member.equals(computer);
              boolean isItsGroup =
                  token.stream().anyMatch(g -> member.equals(RandomDomain.group(g)));
              if (isIt || isItsGroup) token.add(name);
            }
          });
    }
    if (gpo.acl().isPresent()) {
      var sids = new HashSet<>(Arrays.asList("S-1-1-0", "S-1-5-11"));
      for (String group : token) if (!group.startsWith("lost")) sids.add(RandomDomain.sid(group));
      for (String ace : gpo.acl().get()) {
        if (sids.contains(ace.substring(1))) return ace.charAt(0) == '+';
      }
      return false;
    }
    if (gpo.deny().stream().anyMatch(token::contains)) return false;
    return gpo.apply().isEmpty() || gpo.apply().stream().anyMatch(token::contains);
  }
}
