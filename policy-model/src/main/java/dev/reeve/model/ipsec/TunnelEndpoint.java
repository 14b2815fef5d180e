package dev.reeve.model.ipsec;

import dev.reeve.model.net.IpAddress;

/// Where a tunnel rule sends its traffic. Text form: an address, or `name:HOST`.
public sealed interface TunnelEndpoint {

  record Address(IpAddress address) implements TunnelEndpoint {
    @Override
    public String toString() {
      return address.toString();
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
    return text.startsWith("name:")
        ? new Name(new AddressSpec.Name(text.substring(5)))
        : new Address(IpAddress.parse(text));
  }
}
