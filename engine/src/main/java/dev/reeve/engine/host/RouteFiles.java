package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Default gateways out of `/proc/net/route` and `/proc/net/ipv6_route`.
final class RouteFiles {

  private static final int UP_AND_GATEWAY = 3; // RTF_UP | RTF_GATEWAY

  private RouteFiles() {}

  static List<IpAddress> gateways(List<String> v4, List<String> v6) {
    var gateways = new ArrayList<IpAddress>();
    for (String line : v4) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 8 || !words[1].equals("00000000") || !words[7].equals("00000000"))
        continue;
      if (words[2].length() == 8 && isGateway(words[3]) && isHex(words[2])) {
        gateways.add(v4(words[2]));
      }
    }
    for (String line : v6) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 9 || !words[1].equals("00") || !words[0].matches("0{32}")) continue;
      if (words[4].length() == 32 && isGateway(words[8]) && isHex(words[4])) {
        gateways.add(IpAddress.ofBytes(HexFormat.of().parseHex(words[4])));
      }
    }
    return gateways.stream().distinct().toList();
  }

  private static boolean isHex(String text) {
    return !text.isEmpty() && text.chars().allMatch(HexFormat::isHexDigit);
  }

  private static boolean isGateway(String flags) {
    return isHex(flags)
        && flags.length() <= 8
        && (Integer.parseUnsignedInt(flags, 16) & UP_AND_GATEWAY) == UP_AND_GATEWAY;
  }

  /// The kernel prints the four bytes as one number of the machine's own byte order.
  private static IpAddress v4(String hex) {
    int number = Integer.parseUnsignedInt(hex, 16);
    return IpAddress.v4(
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(number) : number);
  }
}
