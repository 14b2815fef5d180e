package dev.reeve.engine.xfrm;

import dev.reeve.engine.kernel.Netlink;
import dev.reeve.engine.kernel.Netlink.Answer;
import dev.reeve.engine.kernel.Netlink.Request;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// Addresses and routes as netlink carries them.
///
/// Source: rtnetlink(7), linux/if_addr.h, linux/if_arp.h, linux/rtnetlink.h.
final class AddressCodec {

  static final Request LINKS = new Request(18, Netlink.REQUEST | Netlink.DUMP, new byte[16]);
  static final Request ADDRESSES = new Request(22, Netlink.REQUEST | Netlink.DUMP, new byte[8]);

  private static final int NEW_LINK = 16;
  private static final int NEW_ADDRESS = 20;
  private static final int NEW_ROUTE = 24;
  private static final int GET_ROUTE = 26;

  private static final int IFINFOMSG = 16;
  private static final int IFADDRMSG = 8;
  private static final int RTMSG = 12;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int RTA_DST = 1;
  private static final int RTA_PREFSRC = 7;
  private static final int ATTRIBUTE = 4;

  private static final int ETHERNET = 1;
  private static final int PPP = 512;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  /// Of the scopes of an address: everybody may use it, and nobody but this host.
  static final int GLOBAL = 0;

  static final int HOST = 254;

  private AddressCodec() {}

  /// @param scopes which of them count
  static List<OwnAddress> own(List<Answer> links, List<Answer> addresses, IntPredicate scopes) {
    Map<Integer, NetworkType> networks = new HashMap<>();
    for (Answer link : links) {
      ByteBuffer body = link.body();
      if (link.type() == NEW_LINK && body.limit() >= IFINFOMSG)
        networks.put(body.getInt(4), network(Short.toUnsignedInt(body.getShort(2))));
    }
    return addresses.stream()
        .flatMap(answer -> own(answer, networks, scopes))
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<OwnAddress> own(
      Answer answer, Map<Integer, NetworkType> networks, IntPredicate scopes) {
    ByteBuffer body = answer.body();
    if (answer.type() != NEW_ADDRESS || body.limit() < IFADDRMSG) return Stream.empty();
    if (!scopes.test(Byte.toUnsignedInt(body.get(3)))) return Stream.empty();
    NetworkType network = networks.getOrDefault(body.getInt(4), NetworkType.ALL);
    // Between two ends, ADDRESS is the other one.
    return answer
        .attribute(IFADDRMSG, IFA_LOCAL)
        .or(() -> answer.attribute(IFADDRMSG, IFA_ADDRESS))
        .flatMap(bytes -> address(body.get(0), bytes))
        .map(address -> new OwnAddress(address, network))
        .stream();
  }

  private static NetworkType network(int linkType) {
    return switch (linkType) {
      case ETHERNET -> NetworkType.LAN;
      case PPP -> NetworkType.REMOTE;
      default -> NetworkType.ALL;
    };
  }

  /// The one way to `peer` that packets from here take.
  static Request route(IpAddress peer) {
    byte[] bytes = peer.toBytes();
    ByteBuffer out =
        ByteBuffer.allocate(RTMSG + ATTRIBUTE + bytes.length).order(ByteOrder.nativeOrder());
    out.put(0, (byte) (peer.family() == IpFamily.IPV4 ? AF_INET : AF_INET6));
    out.put(1, (byte) (8 * bytes.length));
    out.putShort(RTMSG, (short) (ATTRIBUTE + bytes.length));
    out.putShort(RTMSG + 2, (short) RTA_DST);
    out.put(RTMSG + ATTRIBUTE, bytes);
    return new Request(GET_ROUTE, Netlink.REQUEST, out.array());
  }

  /// The address that packets on that way come from.
  static Optional<IpAddress> source(Answer route) {
    ByteBuffer body = route.body();
    if (route.type() != NEW_ROUTE || body.limit() < RTMSG) return Optional.empty();
    return route.attribute(RTMSG, RTA_PREFSRC).flatMap(bytes -> address(body.get(0), bytes));
  }

  private static Optional<IpAddress> address(byte family, ByteBuffer bytes) {
    int length =
        switch (family) {
          case AF_INET -> 4;
          case AF_INET6 -> 16;
          default -> -1;
        };
    if (bytes.limit() != length) return Optional.empty();
    byte[] address = new byte[length];
    bytes.get(0, address);
    return Optional.of(IpAddress.ofBytes(address));
  }
}
