package dev.reeve.engine.vici;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Answers each command with what a test says, and knows no other. Has one client at a time.
public final class FakeCharon implements Closeable {

  private final ServerSocketChannel listener;
  private final Map<String, ViciMessage> answers;
  private final Set<String> listened = ConcurrentHashMap.newKeySet();
  private volatile @Nullable SocketChannel client;

  public FakeCharon(Path socket, Map<String, ViciMessage> answers) throws IOException {
    this.answers = Map.copyOf(answers);
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (true) {
      try (SocketChannel channel = listener.accept()) {
        listened.clear();
        client = channel;
        while (true) {
          switch (ViciCodec.decode(read(channel, ByteBuffer.wrap(read(channel, 4)).getInt()))) {
            case ViciFrame.CommandRequest(var name, var _) -> {
              ViciMessage answer = answers.get(name);
              write(
                  channel,
                  answer == null
                      ? new ViciFrame.CommandUnknown()
                      : new ViciFrame.CommandResponse(answer));
            }
            case ViciFrame.EventRegister(var name) -> {
              write(channel, new ViciFrame.EventConfirm());
              listened.add(name);
            }
            default -> throw new IOException("not expected by a test");
          }
        }
      } catch (IOException | ViciException e) {
        if (!listener.isOpen()) return;
      }
    }
  }

  /// What the one who is connected listens to.
  public Set<String> listened() {
    return Set.copyOf(listened);
  }

  /// Says it to whoever listens.
  ///
  /// @throws IOException when he has hung up
  public void says(String event, ViciMessage message) throws IOException, ViciException {
    SocketChannel channel = client;
    if (channel == null || !listened.contains(event)) throw new IOException("nobody listens");
    write(channel, new ViciFrame.Event(event, message));
  }

  private static byte[] read(SocketChannel channel, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) if (channel.read(buffer) < 0) throw new IOException("closed");
    return buffer.array();
  }

  private static synchronized void write(SocketChannel channel, ViciFrame frame)
      throws IOException, ViciException {
    var buffer = ByteBuffer.wrap(ViciCodec.encode(frame));
    while (buffer.hasRemaining()) channel.write(buffer);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
