package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Servers in the leases of systemd-networkd (`SERVER_ADDRESS=`) and dhclient (dhclient.leases(5)).
final class LeaseFiles {

  private static final Pattern DHCP =
      Pattern.compile("^\\s*(?:SERVER_ADDRESS=|option dhcp-server-identifier )([^;]+);?\\s*$");
  private static final Pattern WINS =
      Pattern.compile("^\\s*option netbios-name-servers ([^;]+);\\s*$");

  private LeaseFiles() {}

  static List<IpAddress> dhcpServers(List<String> lines) {
    return addresses(lines, DHCP);
  }

  static List<IpAddress> winsServers(List<String> lines) {
    return addresses(lines, WINS);
  }

  private static List<IpAddress> addresses(List<String> lines, Pattern pattern) {
    return lines.stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .flatMap(line -> Stream.of(line.group(1).split("[,\\s]+")))
        .flatMap(word -> IpAddress.find(word).stream())
        .distinct()
        .toList();
  }
}
