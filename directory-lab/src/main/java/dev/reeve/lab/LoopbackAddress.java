package dev.reeve.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// A loopback address, and a port of it that nobody else uses: bound, it keeps the address from
/// other test runs of this machine, and the kernel frees it with this process.
record LoopbackAddress(String text, ServerSocket claim) {

  private static final int CLAIM = 9; // no port of Samba's

  /// Any address of 127.0.0.0/8 can be bound to.
  static LoopbackAddress free() throws IOException {
    for (int i = 5; i < 250; i++) {
      String candidate = "127.0.77." + i;
      ServerSocket claim;
      try {
        claim = new ServerSocket(CLAIM, 1, InetAddress.getByName(candidate));
      } catch (IOException _) {
        continue; // another run's
      }
      try (var _ = new ServerSocket(389, 1, InetAddress.getByName(candidate));
          var _ = new ServerSocket(636, 1, InetAddress.getByName(candidate))) {
        return new LoopbackAddress(candidate, claim);
      } catch (IOException _) {
        claim.close(); // in use
      }
    }
    throw new IOException("no address of 127.0.77.0/24 has its LDAP ports free");
  }
}
