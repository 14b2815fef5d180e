package dev.reeve.agent.http;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;

/// Several servers of equal right, in the order to try them: one that fails makes room for the
/// next.
public final class Servers {

  private final List<Endpoint> servers;
  private final ServerAddresses addresses;
  private final Function<Endpoint, SSLSocketFactory> sockets;
  private volatile int current;

  /// @param servers at least one
  public Servers(
      List<Endpoint> servers,
      ServerAddresses addresses,
      Function<Endpoint, SSLSocketFactory> sockets) {
    if (servers.isEmpty()) throw new IllegalArgumentException("no server to ask");
    this.servers = List.copyOf(servers);
    this.addresses = addresses;
    this.sockets = sockets;
  }

  /// A connection to the first that lets one in, beginning with the one in use.
  ///
  /// @throws IOException naming every server and what was wrong with it
  public ServerConnection open() throws IOException {
    var failures = new StringBuilder();
    for (int tried = 0; tried < servers.size(); tried++) {
      Endpoint server = current();
      try {
        return ServerConnection.open(
            server, addresses.resolve(server), server.host(), sockets.apply(server));
      } catch (IOException e) {
        failed(server);
        failures.append(failures.isEmpty() ? "" : "; ").append(server).append(": ").append(why(e));
      }
    }
    throw new IOException(failures.toString());
  }

  /// A TLS failure hides what our own check said.
  private static String why(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) cause = cause.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /// The next one is asked from now on.
  public synchronized void failed(Endpoint server) {
    if (server.equals(current())) current = (current + 1) % servers.size();
  }

  public Endpoint current() {
    return servers.get(current);
  }
}
