package dev.reeve.model.gp;

import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Optional;

/// A host's account in the directory.
///
/// @param guid entryUUID or objectGUID, lower case, without braces; survives renames and moves
/// @param name what people call it: dNSHostName, else cn
/// @param sid in AD, its own SID
/// @param addresses static hints from ipHostNumber
public record Computer(
    Dn dn, Optional<String> guid, String name, Optional<String> sid, List<IpAddress> addresses) {
  public Computer {
    addresses = List.copyOf(addresses);
  }
}
