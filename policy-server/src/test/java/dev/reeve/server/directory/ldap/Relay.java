package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.unboundid.util.TeeOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A port in front of a directory server that can be cut off from it, and tapped.
final class Relay implements AutoCloseable {

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Optional<ByteArrayOutputStream> tap;
  private volatile boolean cut;

  private Relay(
      ServerSocket listener, InetSocketAddress target, Optional<ByteArrayOutputStream> tap) {
    this.listener = listener;
    this.target = target;
    this.tap = tap;
  }

  static Relay to(InetSocketAddress target) throws IOException {
    return open(target, Optional.empty());
  }

  static Relay tapped(InetSocketAddress target) throws IOException {
    return open(target, Optional.of(new ByteArrayOutputStream()));
  }

  private static Relay open(InetSocketAddress target, Optional<ByteArrayOutputStream> tap)
      throws IOException {
    var relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, tap);
    var unused = Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  /// All that passed a tapped one, both ways.
  String heard() {
    return tap.orElseThrow().toString(ISO_8859_1);
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
      OutputStream out = to.getOutputStream();
      if (tap.isEmpty()) from.getInputStream().transferTo(out);
      else from.getInputStream().transferTo(new TeeOutputStream(tap.get(), out));
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
