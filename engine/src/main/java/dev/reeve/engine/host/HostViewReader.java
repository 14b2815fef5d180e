package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the files in which Linux keeps what a policy calls by role. A file that is missing or
/// unreadable says nothing; nothing here fails.
public final class HostViewReader {

  private final Path root;
  private final Resolver resolver;
  private final Function<String, List<IpAddress>> interfaceAddresses;

  /// Addresses of DNS names; none where a name has none or cannot be asked for now.
  public interface Resolver {

    Map<String, List<IpAddress>> ofPolicy(Collection<String> names);

    /// Of servers that are exempt: nobody has to wait for them.
    Map<String, List<IpAddress>> ofDirectories(Collection<String> names);
  }

  /// @param root where the file system begins: `/`
  /// @param interfaceAddresses addresses of an interface, by its name
  public HostViewReader(
      Path root, Resolver resolver, Function<String, List<IpAddress>> interfaceAddresses) {
    this.root = root;
    this.resolver = resolver;
    this.interfaceAddresses = interfaceAddresses;
  }

  /// @param names DNS names that the policy uses
  /// @param privateInterfaces the setting `mePrivate`
  /// @param before the last view: a name that cannot be resolved now keeps its addresses
  public HostView read(
      Collection<String> names,
      Collection<String> privateInterfaces,
      List<HostView.Endpoint> policyServers,
      HostView before) {
    var leases = leases();
    List<DirectoryFiles.Server> directories = DirectoryFiles.servers(this::lines);
    var resolved = new HashMap<>(resolver.ofDirectories(names(directories)));
    resolved.putAll(resolver.ofPolicy(names));
    resolved.replaceAll((name, now) -> sorted(name, now, before));
    return new HostView(
        DnsFiles.servers(this::lines),
        LeaseFiles.winsServers(leases),
        LeaseFiles.dhcpServers(leases),
        RouteFiles.gateways(lines("proc/net/route"), lines("proc/net/ipv6_route")),
        resolved,
        policyServers,
        directories.stream()
            .flatMap(server ->
                server
                    .address()
                    .map(List::of)
                    .orElseGet(() -> resolved.getOrDefault(server.host(), List.of()))
                    .stream()
                    .filter(address -> !address.isLoopback())
                    .map(server::at))
            .distinct()
            .sorted()
            .toList(),
        TimeFiles.servers(this::lines),
        privateInterfaces.stream()
            .flatMap(name -> interfaceAddresses.apply(name).stream())
            .distinct()
            .sorted()
            .toList());
  }

  private static Set<String> names(List<DirectoryFiles.Server> directories) {
    return directories.stream()
        .filter(server -> server.address().isEmpty())
        .map(DirectoryFiles.Server::host)
        .collect(Collectors.toSet());
  }

  private static List<IpAddress> sorted(String name, List<IpAddress> now, HostView before) {
    return now.isEmpty()
        ? before.names().getOrDefault(name, List.of())
        : now.stream().distinct().sorted().toList();
  }

  private List<String> lines(String path) {
    return lines(root.resolve(path));
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private List<String> leases() {
    var lines = new ArrayList<String>();
    for (String folder : List.of("run/systemd/netif/leases", "var/lib/dhcp")) {
      try (Stream<Path> files = Files.list(root.resolve(folder))) {
        files.sorted().forEach(file -> lines.addAll(lines(file)));
      } catch (IOException | UncheckedIOException e) {
        // not on this host, or not any more
      }
    }
    return lines;
  }
}
