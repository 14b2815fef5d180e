package dev.reeve.agent;

import dev.reeve.agent.http.ServerAddresses;
import dev.reeve.engine.host.HostViewReader;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// What this host knows of itself, read anew for each policy. Asks no server: names are looked up
/// elsewhere, by [Names].
final class HostViews implements Function<HostPolicy, HostView> {

  private final HostViewReader reader;
  private final ServerAddresses servers;
  private HostView before = HostView.NONE;

  HostViews(Path root, ServerAddresses servers, Names names) {
    this.reader = new HostViewReader(root, names, HostViews::ofInterface);
    this.servers = servers;
  }

  @Override
  public HostView apply(HostPolicy policy) {
    before =
        reader.read(
            SymbolicSpd.of(policy).names(), policy.settings().mePrivate(), endpoints(), before);
    return before;
  }

  /// In an order of their own: the resolver's order turns round and is no change.
  private List<HostView.Endpoint> endpoints() {
    return servers.known().entrySet().stream()
        .flatMap(server ->
            server.getValue().stream()
                .map(address ->
                    new HostView.Endpoint(Names.address(address), server.getKey().port())))
        .distinct()
        .sorted()
        .toList();
  }

  private static List<IpAddress> ofInterface(String name) {
    try {
      NetworkInterface device = NetworkInterface.getByName(name);
      return device == null
          ? List.of()
          : device.inetAddresses().<InetAddress>map(a -> a).map(Names::address).toList();
    } catch (SocketException e) {
      return List.of();
    }
  }
}
