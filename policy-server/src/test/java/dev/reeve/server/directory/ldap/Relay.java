package dev.reeve.server.directory.ldap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A port in front of a directory server that can be cut off from it.
final class Relay implements AutoCloseable {

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private Relay(ServerSocket listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  static Relay to(InetSocketAddress target) throws IOException {
    var relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    var unused = Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Ends all connections and refuses new ones.
  void cut() {
    cut = true;
    open.forEach(Relay::closeQuietly);
  }

  void mend() {
    cut = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (cut) {
          client.close();
          continue;
        }
        var server = new Socket();
        open.add(client);
        open.add(server);
        if (cut) cut();
        try {
          server.connect(target, 2000);
        } catch (IOException e) {
          closeQuietly(client);
          continue;
        }
        var unused = Thread.ofVirtual().start(() -> copy(client, server));
        var unused2 = Thread.ofVirtual().start(() -> copy(server, client));
      } catch (IOException _) {
        // closed, or the client is gone
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // cut
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
