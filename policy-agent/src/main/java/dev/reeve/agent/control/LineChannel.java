package dev.reeve.agent.control;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Lines over a socket, each whole within a time and a size: UNIX domain channels know no time-outs
/// of their own.
final class LineChannel implements Closeable {

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  LineChannel(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.selector = Selector.open();
    this.key = channel.register(selector, SelectionKey.OP_READ);
  }

  /// Without the line feed. Whatever follows it is not looked at: one request per connection.
  ///
  /// @throws IOException also when the line is too long, too slow, or ends too soon
  byte[] read(int most, Duration within) throws IOException {
    long until = System.nanoTime() + within.toNanos();
    var line = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (true) {
      await(SelectionKey.OP_READ, until);
      int read = channel.read(buffer.clear());
      if (read < 0) throw new IOException("the other side hung up");
      for (int i = 0; i < read; i++) {
        if (buffer.get(i) == '\n') return line.toByteArray();
        if (line.size() == most) throw new IOException("more than " + most + " bytes in a line");
        line.write(buffer.get(i));
      }
    }
  }

  void write(String line, Duration within) throws IOException {
    long until = System.nanoTime() + within.toNanos();
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (true) {
      channel.write(bytes);
      if (!bytes.hasRemaining()) return;
      await(SelectionKey.OP_WRITE, until);
    }
  }

  private void await(int operation, long until) throws IOException {
    long left = (until - System.nanoTime()) / 1_000_000;
    key.interestOps(operation);
    if (left <= 0 || selector.select(left) == 0) {
      throw new SocketTimeoutException("the other side is too slow");
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
