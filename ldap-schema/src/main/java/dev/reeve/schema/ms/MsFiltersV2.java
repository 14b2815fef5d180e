package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AddressSpec.Any;
import dev.reeve.model.ipsec.AddressSpec.Me;
import dev.reeve.model.ipsec.AddressSpec.Range;
import dev.reeve.model.ipsec.AddressSpec.Servers;
import dev.reeve.model.ipsec.AddressSpec.Subnet;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import java.util.ArrayList;
import java.util.List;

/// The block of filters with ranges and IPv6 that Vista and later append to a filter list. No
/// public sample exists; this follows the text of the specification.
///
/// An address range stands twice: as subnets for older readers and here with a flag. One filter
/// with that flag replaces all of the older shape; without it, both count.
final class MsFiltersV2 {

  static final byte[] MARKER = {
    0x3d,
    (byte) 0xcd,
    (byte) 0xfe,
    0x35,
    0x29,
    (byte) 0xae,
    0x73,
    0x43,
    (byte) 0x8a,
    0x6a,
    (byte) 0xc5,
    (byte) 0xd8,
    (byte) 0xfa,
    (byte) 0xb2,
    (byte) 0xfb,
    0x08
  };
  private static final int MIN_SPEC = 12 + 16 + 4 + 80 + 16 + 8;
  static final long FLAG_REPLACES_OLDER = 8;
  static final int IPV4 = 1;
  static final int IPV6 = 2;
  static final String FILTER_GUID = "newer filter GUID";

  private MsFiltersV2() {}

  static boolean isNext(Bytes in) {
    return in.startsWith(MARKER);
  }

  /// @param older the filters in front of the block
  /// @return all that count
  static List<Filter> read(Bytes in, List<Filter> older) {
    in.pass(MARKER.length, "marker");
    int atLength = in.at();
    long length = in.u32("length of the newer filters");
    int atOlder = in.at();
    long olderCount = in.u32("number of older filters");
    if (olderCount > older.size()) {
      throw new MalformedDataException(
          atOlder, olderCount + " older filters", "at most the " + older.size() + " in the list");
    }
    int count = in.count(MIN_SPEC, "newer filters");
    int start = in.at();
    var filters = new ArrayList<Filter>();
    boolean replaces = false;
    for (int i = 0; i < count; i++) {
      Spec spec = spec(in);
      filters.add(spec.filter);
      replaces |= (spec.flags & FLAG_REPLACES_OLDER) != 0;
    }
    int specs = in.at() - start; // whether the two counts are included is not said
    if (length < specs || length > specs + 8 || length % 4 != specs % 4) {
      throw new MalformedDataException(
          atLength, "length " + length + " of the newer filters", specs + " or " + (specs + 8));
    }
    if (!replaces) {
      filters.addAll(0, olderCount == 0 ? older : older.subList(0, (int) olderCount));
    }
    return filters;
  }

  private record Spec(Filter filter, long flags) {}

  private static Spec spec(Bytes in) {
    int start = in.at();
    String sourceName = in.text("source name");
    String destinationName = in.text("destination name");
    String description = in.text("filter description");
    in.skip(16, FILTER_GUID);
    boolean mirrored = in.u32("mirrored") != 0;
    AddressSpec source = address(in, sourceName);
    AddressSpec destination = address(in, destinationName);
    PortRange sourcePorts = ports(in);
    PortRange destinationPorts = ports(in);
    var protocol = MsFilters.protocol(in);
    int atFlags = in.at();
    long flags = in.u32("flags");
    if ((flags & ~FLAG_REPLACES_OLDER) != 0) {
      throw new MalformedDataException(atFlags, "flags " + flags, "0 or 8");
    }
    return new Spec(
        Bytes.checked(
            start,
            () ->
                new Filter(
                    source,
                    destination,
                    protocol,
                    sourcePorts,
                    destinationPorts,
                    mirrored,
                    description)),
        flags);
  }

  private static AddressSpec address(Bytes in, String name) {
    int at = in.at();
    long type = in.u32("address type");
    long version = in.u32("address version");
    byte[] first = in.take(16, "address");
    byte[] second = in.take(16, "second address");
    if (version > (IPV4 | IPV6)) {
      throw new MalformedDataException(at + 4, "address version " + version, "1, 2 or 3");
    }
    if (!name.isEmpty()) return Bytes.checked(at, () -> new AddressSpec.Name(name));
    return switch ((int) type) {
      case 0 -> any((int) version);
      case 1 -> new Subnet(IpPrefix.of(ip(at, version, first)));
      case 2 ->
          Bytes.checked(
              at,
              () -> new Range(new AddressRange(ip(at, version, first), ip(at, version, second))));
      case 4 -> new Subnet(subnet(at, version, first, second));
      case 8 -> Me.ME;
      case 0x10 -> Servers.DNS;
      case 0x20 -> Servers.WINS;
      case 0x40 -> Servers.DHCP;
      case 0x80 -> Servers.GATEWAY;
      default ->
          throw new MalformedDataException(
              at, "address type " + type, "0, 1, 2, 4, 8, 16, 32, 64 or 128");
    };
  }

  private static AddressSpec any(int version) {
    return switch (version) {
      case IPV4 -> new Subnet(new IpPrefix(IpAddress.v4(0), 0));
      case IPV6 -> new Subnet(new IpPrefix(IpAddress.v6(0, 0), 0));
      default -> Any.ANY;
    };
  }

  private static IpPrefix subnet(int at, long version, byte[] network, byte[] mask) {
    IpAddress address = ip(at, version, network);
    int length = version == IPV4 ? MsFilters.length(at, ip(at, version, mask)) : mask[0] & 0xff;
    if (length > address.family().bits()) {
      throw new MalformedDataException(at, "prefix length " + length, "at most 128");
    }
    return IpPrefix.containing(address, length);
  }

  private static IpAddress ip(int at, long version, byte[] bytes) {
    return switch ((int) version) {
      case IPV4 -> IpAddress.ofBytes(java.util.Arrays.copyOf(bytes, 4));
      case IPV6 -> IpAddress.ofBytes(bytes);
      default ->
          throw new MalformedDataException(at + 4, "address version " + version, "1 or 2 here");
    };
  }

  private static PortRange ports(Bytes in) {
    int at = in.at();
    long type = in.u32("port type");
    int first = in.u16("port");
    int last = in.u16("last port");
    return switch ((int) type) {
      case 0 -> PortRange.ANY;
      case 1 -> PortRange.of(first);
      case 2 -> Bytes.checked(at, () -> new PortRange(first, last));
      default -> throw new MalformedDataException(at, "port type " + type, "0, 1 or 2");
    };
  }
}
