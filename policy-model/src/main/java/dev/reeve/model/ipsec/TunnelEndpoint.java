package dev.reeve.model.ipsec;

import dev.reeve.model.net.IpAddress;

/// Where a tunnel rule sends its traffic: the other end, or for what comes in by the tunnel this
/// host itself. Text form: an address, `name:HOST` or `me`.
public sealed interface TunnelEndpoint {

  record Address(IpAddress address) implements TunnelEndpoint {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /// This host, by whichever of its addresses leads to the other end.
  enum Me implements TunnelEndpoint {
    ME;

    @Override
    public String toString() {
      return "me";
    }
  }

  record Name(AddressSpec.Name name) implements TunnelEndpoint {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /// @throws IllegalArgumentException naming the text
  static TunnelEndpoint parse(String text) {
    if (text.equals("me")) return Me.ME;
    return text.startsWith("name:")
        ? new Name(new AddressSpec.Name(text.substring(5)))
        : new Address(IpAddress.parse(text));
  }
}
