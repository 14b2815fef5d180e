package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AddressSpec.Any;
import dev.reeve.model.ipsec.AddressSpec.Me;
import dev.reeve.model.ipsec.AddressSpec.Name;
import dev.reeve.model.ipsec.AddressSpec.Range;
import dev.reeve.model.ipsec.AddressSpec.Servers;
import dev.reeve.model.ipsec.AddressSpec.Subnet;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Writes what [MsFilters] reads. What the older shape cannot say goes into the block of the newer
/// one. A list with address ranges is written there as a whole, and the ranges once more as subnets
/// in the older shape: whichever way a reader takes the two together, the same traffic comes out.
final class MsFiltersWriter {

  private static final IpAddress ZEROS = IpAddress.v4(0);
  private static final IpAddress ONES = IpAddress.v4(-1);
  private static final int MOST_SUBNETS = 256;

  private final ByteWriter out;
  private final String id;
  private final Optional<IpAddress> tunnel;
  private int written;

  private MsFiltersWriter(String id, Optional<IpAddress> tunnel, Unknown unknown) {
    this.out = new ByteWriter(unknown);
    this.id = id;
    this.tunnel = tunnel;
  }

  static byte[] write(FilterPart part, String id, FilterForm form, Unknown unknown) {
    return new MsFiltersWriter(id, tunnel(part), unknown).write(part.filters(), form);
  }

  private static Optional<IpAddress> tunnel(FilterPart part) {
    if (part.tunnels().isEmpty()) return Optional.empty();
    if (part.tunnels().size() == 1
        && part.tunnels().iterator().next() instanceof TunnelEndpoint.Address(var address)
        && address.family() == IpFamily.IPV4) {
      return Optional.of(address);
    }
    throw new IllegalArgumentException(
        "filters with the tunnel endpoints " + part.tunnels() + ", expected one IPv4 address");
  }

  private byte[] write(List<Filter> filters, FilterForm form) {
    List<Filter> older = filters.stream().filter(MsFiltersWriter::fitsOlder).toList();
    boolean ranges = filters.stream().anyMatch(MsFiltersWriter::hasRange);
    List<Filter> newer = ranges ? filters : filters.stream().filter(f -> !fitsOlder(f)).toList();
    if (form == FilterForm.A && !newer.isEmpty()) {
      throw new IllegalArgumentException(newer.getFirst() + " does not fit into the older form");
    }
    var first = new ArrayList<>(older);
    if (ranges) filters.forEach(filter -> first.addAll(subnets(filter)));
    out.add(ByteWriter.guid(MsFilters.TYPE)).u32(0).u32(first.size());
    first.forEach(this::older);
    int base = form == FilterForm.A ? MsFilters.FORM_A_BASE : MsFilters.FORM_B_BASE;
    out.put(16, out.size() - base);
    if (!newer.isEmpty()) MsFiltersV2Writer.write(out, newer, older.size(), this::guid);
    if (form == FilterForm.A) out.u8(0);
    return out.toBytes();
  }

  /// Whether the shape that Windows 2000 knows can say it.
  static boolean fitsOlder(Filter filter) {
    boolean twoServers =
        filter.source() instanceof Servers && filter.destination() instanceof Servers;
    return !twoServers
        && fitsOlder(filter.source())
        && fitsOlder(filter.destination())
        && fitsOlder(filter.sourcePorts())
        && fitsOlder(filter.destinationPorts());
  }

  private static boolean fitsOlder(AddressSpec spec) {
    return switch (spec) {
      case Me _, Any _, Name _, Servers _ -> true;
      case Range _ -> false;
      // 0.0.0.0 with either mask means something else
      case Subnet(var prefix) -> prefix.family() == IpFamily.IPV4 && prefix.network().low() != 0;
    };
  }

  private static boolean fitsOlder(PortRange ports) {
    return ports.isAny() || ports.first() == ports.last() && ports.first() != 0;
  }

  private static boolean hasRange(Filter filter) {
    return filter.source() instanceof Range || filter.destination() instanceof Range;
  }

  private void older(Filter filter) {
    out.text(name(filter.source())).text(name(filter.destination())).text(filter.description());
    out.unknownGuid(guid(filter), MsFilters.FILTER_GUID).u32(filter.mirrored() ? 1 : 0);
    address(filter.source());
    address(filter.destination());
    out.v4(tunnel.orElse(ZEROS))
        .u32(filter.protocol().number())
        .u16(port(filter.sourcePorts()))
        .u16(port(filter.destinationPorts()))
        .u8(tunnel.isPresent() ? 1 : 0)
        .u8(special(filter))
        .unknown(2, MsFilters.OPTIONS);
  }

  static String name(AddressSpec spec) {
    return spec instanceof Name(var name) ? name : "";
  }

  private static int port(PortRange ports) {
    return ports.isAny() ? 0 : ports.first();
  }

  private static int special(Filter filter) {
    if (filter.source() instanceof Servers servers) return servers.ordinal() + 1;
    if (filter.destination() instanceof Servers servers) return servers.ordinal() + 0x81;
    return 0;
  }

  private void address(AddressSpec spec) {
    switch (spec) {
      case Any _, Servers _ -> out.v4(ZEROS).v4(ZEROS);
      // a reader that does not resolve the name must not take it for "me" or "any": 0.0.0.0/1..31
      // would widen too, so the name stands with the address of nobody
      case Name _ -> out.v4(ONES).v4(ONES);
      case Me _ -> out.v4(ZEROS).v4(ONES);
      case Subnet(var prefix) -> out.v4(prefix.network()).v4(mask(prefix.length()));
      case Range _ -> throw new IllegalArgumentException("a range in the older shape");
    }
  }

  static IpAddress mask(int length) {
    return IpAddress.v4(length == 0 ? 0 : -1 << 32 - length);
  }

  /// A filter with ranges in the words of the older shape; none when these do not suffice.
  private static List<Filter> subnets(Filter filter) {
    if (!hasRange(filter)) return List.of();
    List<AddressSpec> sources = subnets(filter.source());
    List<AddressSpec> destinations = subnets(filter.destination());
    var found = new ArrayList<Filter>();
    if ((long) sources.size() * destinations.size() > MOST_SUBNETS) return found;
    for (AddressSpec source : sources) {
      for (AddressSpec destination : destinations) {
        var one =
            new Filter(
                source,
                destination,
                filter.protocol(),
                filter.sourcePorts(),
                filter.destinationPorts(),
                filter.mirrored(),
                filter.description());
        if (!fitsOlder(one)) return List.of();
        found.add(one);
      }
    }
    return found;
  }

  private static List<AddressSpec> subnets(AddressSpec spec) {
    if (!(spec instanceof Range(var range))) return List.of(spec);
    if (range.family() != IpFamily.IPV4) return List.of(spec);
    var found = new ArrayList<AddressSpec>();
    long at = range.first().low();
    long last = range.last().low();
    while (at <= last) {
      int length = at == 0 ? 0 : 32 - Long.numberOfTrailingZeros(at);
      while (at + (1L << 32 - length) - 1 > last) length++;
      found.add(new Subnet(new IpPrefix(IpAddress.v4((int) at), length)));
      at += 1L << 32 - length;
    }
    return found;
  }

  /// The model gives filters no id; the same list gets the same ones.
  private String guid(Filter filter) {
    String what = "filter " + written++ + " of " + id + ": " + filter;
    return "{"
        + UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8))
            .toString()
            .toUpperCase(Locale.ROOT)
        + "}";
  }
}
