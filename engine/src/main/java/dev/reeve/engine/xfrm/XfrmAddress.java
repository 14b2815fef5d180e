package dev.reeve.engine.xfrm;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import java.nio.ByteBuffer;

/// Addresses and their families as the kernel writes them: `xfrm_address_t` of linux/xfrm.h.
final class XfrmAddress {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private XfrmAddress() {}

  static int family(IpFamily family) {
    return family == IpFamily.IPV4 ? AF_INET : AF_INET6;
  }

  static boolean isFamily(int number) {
    return number == AF_INET || number == AF_INET6;
  }

  /// @param family one of the two
  static IpAddress read(ByteBuffer in, int at, int family) {
    byte[] bytes = new byte[family == AF_INET ? 4 : 16];
    in.get(at, bytes);
    return IpAddress.ofBytes(bytes);
  }
}
