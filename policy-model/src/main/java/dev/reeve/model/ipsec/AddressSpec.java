package dev.reeve.model.ipsec;

import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/// One end of a filter, before it is known what it means on a given host.
///
/// Text form: `me`, `any`, an address or prefix, `FIRST-LAST`, `dns`, `wins`, `dhcp`, `gateway`, or
/// `name:HOST`.
public sealed interface AddressSpec {

  /// Every local address, also one that appears later.
  enum Me implements AddressSpec {
    ME;

    @Override
    public String toString() {
      return "me";
    }
  }

  enum Any implements AddressSpec {
    ANY;

    @Override
    public String toString() {
      return "any";
    }
  }

  record Subnet(IpPrefix prefix) implements AddressSpec {
    @Override
    public String toString() {
      return prefix.toString();
    }
  }

  record Range(AddressRange range) implements AddressSpec {
    @Override
    public String toString() {
      return range.toString();
    }
  }

  /// A DNS name; the host resolves it.
  record Name(String name) implements AddressSpec {
    private static final Pattern HOST =
        Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\\.?");

    public Name {
      if (!HOST.matcher(name).matches())
        throw new IllegalArgumentException("'" + name + "' is no DNS name");
    }

    @Override
    public String toString() {
      return "name:" + name;
    }
  }

  /// The servers of that kind that the host is configured with.
  enum Servers implements AddressSpec {
    DNS,
    WINS,
    DHCP,
    GATEWAY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @throws IllegalArgumentException naming the text
  static AddressSpec parse(String text) {
    if (text.equals("me")) return Me.ME;
    if (text.equals("any")) return Any.ANY;
    if (text.startsWith("name:")) return new Name(text.substring(5));
    for (Servers servers : Servers.values()) if (text.equals(servers.toString())) return servers;
    if (text.indexOf('-') >= 0) return new Range(AddressRange.parse(text));
    int slash = text.indexOf('/');
    if (slash < 0 && IpAddress.find(text).isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no address; expected me, any, an address, a prefix, FIRST-LAST, name:HOST or one of "
              + Arrays.toString(Servers.values()));
    }
    return new Subnet(IpPrefix.parse(text));
  }
}
