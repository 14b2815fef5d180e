package dev.reeve.agent.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/// Who is at the other end of a local socket, as the kernel says.
///
/// @param masters root and the agent's own user
record Peers(Set<UserPrincipal> masters) {

  Peers {
    masters = Set.copyOf(masters);
  }

  /// @param own a file that this process made
  static Peers of(Path own) throws IOException {
    return new Peers(Set.copyOf(List.of(Files.getOwner(own), root(own))));
  }

  private static UserPrincipal root(Path any) throws IOException {
    UserPrincipalLookupService users = any.getFileSystem().getUserPrincipalLookupService();
    try {
      return users.lookupPrincipalByName("root");
    } catch (UserPrincipalNotFoundException e) {
      return users.lookupPrincipalByName("0");
    }
  }

  UserPrincipal user(SocketChannel channel) throws IOException {
    return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
  }

  boolean mayChange(UserPrincipal user) {
    return masters.contains(user);
  }
}
