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

/// Answers each command with what a test says, and knows no other.
public final class FakeCharon implements Closeable {

  private final ServerSocketChannel listener;
  private final Map<String, ViciMessage> answers;

  public FakeCharon(Path socket, Map<String, ViciMessage> answers) throws IOException {
    this.answers = Map.copyOf(answers);
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (true) {
      try (SocketChannel channel = listener.accept()) {
        while (true) {
          if (ViciCodec.decode(read(channel, ByteBuffer.wrap(read(channel, 4)).getInt()))
              instanceof ViciFrame.CommandRequest(var name, var _)) {
            ViciMessage answer = answers.get(name);
            write(
                channel,
                answer == null
                    ? new ViciFrame.CommandUnknown()
                    : new ViciFrame.CommandResponse(answer));
          }
        }
      } catch (IOException | ViciException e) {
        if (!listener.isOpen()) return;
      }
    }
  }

  private static byte[] read(SocketChannel channel, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) if (channel.read(buffer) < 0) throw new IOException("closed");
    return buffer.array();
  }

  private static void write(SocketChannel channel, ViciFrame frame)
      throws IOException, ViciException {
    var buffer = ByteBuffer.wrap(ViciCodec.encode(frame));
    while (buffer.hasRemaining()) channel.write(buffer);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
