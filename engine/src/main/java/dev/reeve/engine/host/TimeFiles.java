package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Time servers that are given as addresses, in the files of systemd-timesyncd, chrony and ntpd.
final class TimeFiles {

  private TimeFiles() {}

  /// @param lines of a file by its path
  static List<IpAddress> servers(Function<String, List<String>> lines) {
    var words = new ArrayList<String>();
    for (String line : lines.apply("etc/systemd/timesyncd.conf")) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.strip().matches("(NTP|FallbackNTP)\\s*=.*")) {
        words.addAll(List.of(line.substring(equals + 1).strip().split("\\s+")));
      }
    }
    Stream.of("etc/chrony/chrony.conf", "etc/chrony.conf", "etc/ntp.conf", "etc/ntpsec/ntp.conf")
        .flatMap(path -> lines.apply(path).stream())
        .map(line -> line.strip().split("\\s+"))
        .filter(line -> line.length > 1 && line[0].matches("server|pool|peer"))
        .forEach(line -> words.add(line[1]));
    return words.stream()
        .flatMap(word -> IpAddress.find(word).stream())
        .filter(address -> !address.isLoopback())
        .distinct()
        .toList();
  }
}
