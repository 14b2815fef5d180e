package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// resolv.conf(5), and the one that systemd-resolved keeps with the servers behind its stub.
final class DnsFiles {

  private DnsFiles() {}

  /// @param lines of a file by its path
  static List<IpAddress> servers(Function<String, List<String>> lines) {
    return Stream.of("etc/resolv.conf", "run/systemd/resolve/resolv.conf")
        .flatMap(path -> lines.apply(path).stream())
        .flatMap(line -> server(line).stream())
        .filter(address -> !address.isLoopback())
        .distinct()
        .toList();
  }

  private static Optional<IpAddress> server(String line) {
    String[] words = line.strip().split("\\s+");
    if (words.length < 2 || !words[0].equals("nameserver")) return Optional.empty();
    return IpAddress.find(words[1].replaceFirst("%.*", ""));
  }
}
