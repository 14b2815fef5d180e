package dev.reeve.cli.lab;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Passes connections on, byte for byte, between TCP and UNIX-domain sockets. A UNIX-domain socket
/// is reached from every network namespace.
public final class Relay implements AutoCloseable {

  private final ServerSocketChannel listener;
  private final SocketAddress target;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private Relay(ServerSocketChannel listener, SocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  public static Relay open(SocketAddress from, SocketAddress to) throws IOException {
    ServerSocketChannel listener = channel(from);
    try {
      listener.bind(from, 64);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    var relay = new Relay(listener, to);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  private static ServerSocketChannel channel(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        : ServerSocketChannel.open();
  }

  public SocketAddress address() throws IOException {
    return listener.getLocalAddress();
  }

  /// Ends all connections and, until [#mend], every new one at once.
  public void cut() {
    cut = true;
    open.forEach(Relay::close);
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        if (cut) close(client);
        else Thread.ofVirtual().start(() -> pass(client));
      } catch (IOException _) {
        // The listener was closed, or a client is gone already.
      }
    }
  }

  private void pass(SocketChannel client) {
    open.add(client);
    try (client;
        SocketChannel server =
            target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open()) {
      open.add(server);
      try {
        server.connect(target);
        Thread back = Thread.ofVirtual().start(() -> pump(server, client));
        pump(client, server);
        back.join();
      } finally {
        open.remove(server);
      }
    } catch (IOException _) {
      // Nobody there: the client sees its connection closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void pump(SocketChannel from, SocketChannel to) {
    var buffer = ByteBuffer.allocate(16 << 10);
    try {
      while (!cut && from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) to.write(buffer);
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException _) {
      close(from);
      close(to);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
