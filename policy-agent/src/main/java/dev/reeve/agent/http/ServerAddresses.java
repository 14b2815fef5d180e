package dev.reeve.agent.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the servers' names resolved to last: their paths must be exempt before they can be reached.
/// Any thread may ask.
public final class ServerAddresses {

  private final Map<Endpoint, List<InetAddress>> known = new ConcurrentHashMap<>();
  private final Runnable changed;

  /// @param changed called when a name resolves to something new
  public ServerAddresses(Runnable changed) {
    this.changed = changed;
  }

  /// Asks the resolver; what it said before serves when it is away.
  ///
  /// @throws UnknownHostException when it has never known the name
  List<InetAddress> resolve(Endpoint server) throws UnknownHostException {
    List<InetAddress> before = known.getOrDefault(server, List.of());
    try {
      List<InetAddress> found = List.of(InetAddress.getAllByName(server.host()));
      known.put(server, found);
      if (!Set.copyOf(found).equals(Set.copyOf(before))) changed.run();
      return found;
    } catch (UnknownHostException e) {
      if (before.isEmpty()) throw e;
      return before;
    }
  }

  public Map<Endpoint, List<InetAddress>> known() {
    return Map.copyOf(known);
  }
}
