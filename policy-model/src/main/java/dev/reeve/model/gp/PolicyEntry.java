package dev.reeve.model.gp;

import dev.reeve.model.ipsec.IpsecPolicy;

/// What the directory holds under an IPsec policy's DN.
public sealed interface PolicyEntry {

  record Readable(IpsecPolicy policy) implements PolicyEntry {}

  /// A part of it is missing or makes no sense; a policy is whole or it is none.
  record Unreadable(String detail) implements PolicyEntry {}
}
