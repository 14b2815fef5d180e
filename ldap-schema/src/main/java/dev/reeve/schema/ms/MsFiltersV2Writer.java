package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AddressSpec.Any;
import dev.reeve.model.ipsec.AddressSpec.Me;
import dev.reeve.model.ipsec.AddressSpec.Name;
import dev.reeve.model.ipsec.AddressSpec.Range;
import dev.reeve.model.ipsec.AddressSpec.Servers;
import dev.reeve.model.ipsec.AddressSpec.Subnet;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Writes the block that [MsFiltersV2] reads.
final class MsFiltersV2Writer {

  private static final int BOTH = MsFiltersV2.IPV4 | MsFiltersV2.IPV6;

  private MsFiltersV2Writer() {}

  /// @param older how many filters of the older shape stand for themselves
  static void write(
      ByteWriter out, List<Filter> filters, int older, Function<Filter, String> guid) {
    out.add(MsFiltersV2.MARKER);
    int atLength = out.size();
    out.u32(0).u32(older).u32(filters.size());
    int start = out.size();
    for (Filter filter : filters) write(out, filter, guid.apply(filter));
    out.put(atLength, out.size() - start);
  }

  private static void write(ByteWriter out, Filter filter, String guid) {
    out.text(MsFiltersWriter.name(filter.source()))
        .text(MsFiltersWriter.name(filter.destination()))
        .text(filter.description())
        .unknownGuid(guid, MsFiltersV2.FILTER_GUID)
        .u32(filter.mirrored() ? 1 : 0);
    address(out, filter.source());
    address(out, filter.destination());
    ports(out, filter.sourcePorts());
    ports(out, filter.destinationPorts());
    boolean range = filter.source() instanceof Range || filter.destination() instanceof Range;
    out.u32(filter.protocol().number()).u32(range ? MsFiltersV2.FLAG_REPLACES_OLDER : 0);
  }

  private static void address(ByteWriter out, AddressSpec spec) {
    switch (spec) {
      case Any _ -> word(out, 0, BOTH);
      case Me _ -> word(out, 8, BOTH);
      case Name _ -> // a type that matches nobody, for readers that do not resolve
          address(out, 1, MsFiltersV2.IPV4, IpAddress.v4(-1).toBytes(), new byte[0]);
      case Servers servers -> word(out, 0x10 << servers.ordinal(), BOTH);
      case Range(var range) ->
          address(out, 2, version(range.first()), range.first().toBytes(), range.last().toBytes());
      case Subnet(var prefix) -> subnet(out, prefix);
    }
  }

  private static void subnet(ByteWriter out, IpPrefix prefix) {
    int version = version(prefix.network());
    byte[] network = prefix.network().toBytes();
    if (prefix.length() == 0) word(out, 0, version);
    else if (prefix.isSingleAddress()) address(out, 1, version, network, new byte[0]);
    else
      address(
          out,
          4,
          version,
          network,
          version == MsFiltersV2.IPV4
              ? MsFiltersWriter.mask(prefix.length()).toBytes()
              : new byte[] {(byte) prefix.length()});
  }

  private static void word(ByteWriter out, int type, int version) {
    address(out, type, version, new byte[0], new byte[0]);
  }

  private static void address(ByteWriter out, int type, int version, byte[] first, byte[] second) {
    out.u32(type).u32(version).add(Arrays.copyOf(first, 16)).add(Arrays.copyOf(second, 16));
  }

  private static int version(IpAddress address) {
    return address.family() == IpFamily.IPV4 ? MsFiltersV2.IPV4 : MsFiltersV2.IPV6;
  }

  private static void ports(ByteWriter out, PortRange ports) {
    int type = ports.isAny() ? 0 : ports.first() == ports.last() ? 1 : 2;
    out.u32(type).u16(type == 0 ? 0 : ports.first()).u16(type == 2 ? ports.last() : 0);
  }
}
