package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AddressSpec.Servers;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `ipsecFilter`: a filter list. Windows 2000 to 2003 count the data length from the number of
/// filters on and end with a zero byte (form A); Vista and later count from behind it and do not
/// (form B), and may append a block of filters in a newer shape, see [MsFiltersV2].
final class MsFilters {

  static final String TYPE = "{80DC20B5-2EC8-11D1-A89E-00A0248D3021}";
  private static final int MIN_SPEC = 64; // three strings of length 0
  static final int FORM_A_BASE = 20;
  static final int FORM_B_BASE = 24;
  static final String FILTER_GUID = "filter GUID";
  static final String OPTIONS = "options";

  private final Bytes in;
  private final List<Filter> filters = new ArrayList<>();
  private final Set<TunnelEndpoint> tunnels = new HashSet<>();

  private MsFilters(Bytes in) {
    this.in = in;
  }

  static FilterPart read(Bytes in) {
    return new MsFilters(in).read();
  }

  private FilterPart read() {
    long length = MsIpsecData.header(in, TYPE, "a filter list");
    int count = in.count(MIN_SPEC, "filters");
    for (int i = 0; i < count; i++) spec();
    if (length != in.at() - FORM_A_BASE && length != in.at() - FORM_B_BASE) {
      throw new MalformedDataException(
          16, "data length " + length, (in.at() - FORM_A_BASE) + " or " + (in.at() - FORM_B_BASE));
    }
    if (!MsFiltersV2.isNext(in)) {
      MsIpsecData.end(in);
      return new FilterPart(filters, tunnels);
    }
    var newer = MsFiltersV2.read(in, filters);
    MsIpsecData.end(in);
    return new FilterPart(newer, tunnels);
  }

  private void spec() {
    int start = in.at();
    String sourceName = in.text("source name");
    String destinationName = in.text("destination name");
    String description = in.text("filter description");
    in.skip(16, FILTER_GUID);
    boolean mirrored = in.u32("mirrored") != 0;
    IpAddress source = in.v4("source address");
    IpAddress sourceMask = in.v4("source mask");
    IpAddress destination = in.v4("destination address");
    IpAddress destinationMask = in.v4("destination mask");
    IpAddress tunnel = in.v4("tunnel endpoint");
    IpProtocol protocol = protocol(in);
    PortRange sourcePort = port(in.u16("source port"));
    PortRange destinationPort = port(in.u16("destination port"));
    boolean isTunnel = in.u8("is tunnel") != 0;
    int atSpecial = in.at();
    int special = in.u8("special address");
    in.skip(2, OPTIONS);
    if ((special & 0x7f) > Servers.values().length || special == 0x80) {
      throw new MalformedDataException(atSpecial, "special address " + special, "0..4 or 129..132");
    }
    filters.add(
        Bytes.checked(
            start,
            () ->
                new Filter(
                    0 < special && special < 0x80
                        ? Servers.values()[special - 1]
                        : address(start, sourceName, source, sourceMask),
                    special > 0x80
                        ? Servers.values()[special - 0x81]
                        : address(start, destinationName, destination, destinationMask),
                    protocol,
                    sourcePort,
                    destinationPort,
                    mirrored,
                    description)));
    if (isTunnel && tunnel.low() != 0) tunnels.add(new TunnelEndpoint.Address(tunnel));
  }

  static IpProtocol protocol(Bytes in) {
    int at = in.at();
    long number = in.u32("protocol");
    if (number > 255) throw new MalformedDataException(at, "protocol " + number, "0..255");
    return new IpProtocol((int) number);
  }

  private static PortRange port(int number) {
    return number == 0 ? PortRange.ANY : PortRange.of(number);
  }

  private static AddressSpec address(int at, String name, IpAddress address, IpAddress mask) {
    if (!name.isEmpty()) return new AddressSpec.Name(name);
    int bits = (int) mask.low();
    if (address.low() == 0 && bits == -1) return AddressSpec.Me.ME;
    if (address.low() == 0 && bits == 0) return AddressSpec.Any.ANY;
    return new AddressSpec.Subnet(IpPrefix.containing(address, length(at, mask)));
  }

  /// The number of ones of a mask, which must be in front.
  static int length(int at, IpAddress mask) {
    int bits = (int) mask.low();
    int length = Integer.bitCount(bits);
    if (length != Integer.numberOfLeadingZeros(~bits)) {
      throw new MalformedDataException(at, "mask " + mask, "ones in front and zeros behind");
    }
    return length;
  }
}
