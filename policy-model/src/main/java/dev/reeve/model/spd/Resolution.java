package dev.reeve.model.spd;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Puts a host's own addresses of servers and names into symbolic entries.
final class Resolution {

  private final HostView host;
  private final List<SpdEntry> entries = new ArrayList<>();
  private final TreeSet<Spd.Unresolved> unresolved = new TreeSet<>();

  Resolution(HostView host) {
    this.host = host;
  }

  Spd resolve(SymbolicSpd symbolic) {
    symbolic.entries().forEach(this::resolve);
    List<SpdEntry> ordered = SpdEntry.ordered(entries);
    return new Spd(
        Exemptions.of(symbolic.exemptLevel(), host),
        ordered,
        Conflicts.in(ordered),
        List.copyOf(unresolved));
  }

  private void resolve(SymbolicEntry entry) {
    Filter filter = entry.filter();
    List<SpdAddress> sources = addresses(filter.source());
    List<SpdAddress> destinations = addresses(filter.destination());
    if (sources.isEmpty()) miss(entry, noAddress(filter.source()));
    if (destinations.isEmpty()) miss(entry, noAddress(filter.destination()));
    if (sources.isEmpty() || destinations.isEmpty()) return;
    int before = entries.size();
    for (SpdAddress source : sources) {
      for (SpdAddress destination : destinations) {
        if (oneFamily(source, destination)) entries.add(entry(entry, source, destination));
      }
    }
    if (entries.size() == before) miss(entry, "its two ends are IPv4 and IPv6: nothing matches it");
  }

  private static SpdEntry entry(SymbolicEntry entry, SpdAddress source, SpdAddress destination) {
    Filter filter = entry.filter();
    return new SpdEntry(
        new Selector(
            source,
            destination,
            filter.protocol(),
            filter.sourcePorts(),
            filter.destinationPorts(),
            entry.networkType()),
        entry.action(),
        entry.weight(),
        entry.passage(),
        entry.origin());
  }

  private static boolean oneFamily(SpdAddress source, SpdAddress destination) {
    return source.family().isEmpty()
        || destination.family().isEmpty()
        || source.family().equals(destination.family());
  }

  private void miss(SymbolicEntry entry, String why) {
    unresolved.add(new Spd.Unresolved(entry.origin(), entry.action(), why));
  }

  private static String noAddress(AddressSpec end) {
    return end + " means no address on this host now";
  }

  private List<SpdAddress> addresses(AddressSpec spec) {
    return switch (spec) {
      case AddressSpec.Me _ -> List.of(SpdAddress.Me.ME);
      case AddressSpec.Any _ -> List.of(SpdAddress.Any.ANY);
      case AddressSpec.Subnet(var prefix) -> List.of(new SpdAddress.Prefix(prefix));
      case AddressSpec.Range(var range) -> List.of(new SpdAddress.Range(range));
      case AddressSpec.Name(var name) -> each(host.names().getOrDefault(name, List.of()));
      case AddressSpec.Servers servers ->
          each(
              switch (servers) {
                case DNS -> host.dnsServers();
                case WINS -> host.winsServers();
                case DHCP -> host.dhcpServers();
                case GATEWAY -> host.gateways();
              });
    };
  }

  private static List<SpdAddress> each(List<IpAddress> addresses) {
    return addresses.stream()
        .distinct()
        .<SpdAddress>map(address -> new SpdAddress.Prefix(IpPrefix.of(address)))
        .toList();
  }
}
