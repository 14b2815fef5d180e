package dev.reeve.model.gp;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// All subnets, so that those which hold an address are found by asking once per prefix length.
final class Subnets {

  private final Set<Dn> sites = new HashSet<>();

  /// Longest prefixes first.
  private final Map<IpFamily, TreeMap<Integer, Map<IpPrefix, List<Subnet>>>> byLength =
      new EnumMap<>(IpFamily.class);

  Subnets(List<Subnet> subnets) {
    for (Subnet subnet : subnets) {
      subnet.site().ifPresent(sites::add);
      byLength
          .computeIfAbsent(subnet.prefix().family(), _ -> new TreeMap<>(Collections.reverseOrder()))
          .computeIfAbsent(subnet.prefix().length(), _ -> new HashMap<>())
          .computeIfAbsent(subnet.prefix(), _ -> new ArrayList<>())
          .add(subnet);
    }
  }

  Set<Dn> sites() {
    return Collections.unmodifiableSet(sites);
  }

  /// Those of the longest prefix that holds the address.
  List<Subnet> find(IpAddress address) {
    var lengths = byLength.get(address.family());
    if (lengths == null) return List.of();
    for (var ofLength : lengths.entrySet()) {
      List<Subnet> found = ofLength.getValue().get(IpPrefix.containing(address, ofLength.getKey()));
      if (found != null) return Collections.unmodifiableList(found);
    }
    return List.of();
  }
}
