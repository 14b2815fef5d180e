package dev.reeve.engine.vici;

import dev.reeve.engine.vici.ViciException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/// Frames over a UNIX-domain socket, never waiting longer than it is told to.
///
/// After any exception but [Reason#TIMED_OUT] before the first byte of a frame, it is closed: what
/// comes next could not be told from the rest of what was lost.
final class ViciSocket implements Closeable {

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  private ViciSocket(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.key = channel.register(selector, 0);
  }

  static ViciSocket open(Path path) throws ViciException {
    try {
      var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(path));
        channel.configureBlocking(false);
        return new ViciSocket(channel, Selector.open());
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ViciException(
          Reason.UNREACHABLE, "no charon answers at " + path + ": " + e.getMessage(), e);
    }
  }

  void send(ViciFrame frame, Duration patience) throws ViciException {
    var bytes = ByteBuffer.wrap(ViciCodec.encode(frame));
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (bytes.hasRemaining()) {
        if (channel.write(bytes) > 0) continue;
        if (!ready(SelectionKey.OP_WRITE, deadline)) {
          throw new ViciException(
              Reason.TIMED_OUT, "charon took no command for " + patience.toMillis() + " ms");
        }
      }
    } catch (IOException e) {
      throw lost(e);
    } catch (ViciException e) {
      close();
      throw e;
    }
  }

  ViciFrame receive(Duration patience) throws ViciException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      var length = ByteBuffer.allocate(Integer.BYTES);
      fill(length, deadline, patience);
      var frame = ByteBuffer.allocate(ViciCodec.checkedLength(length.getInt(0)));
      fill(frame, deadline, patience);
      return ViciCodec.decode(frame.array());
    } catch (IOException e) {
      throw lost(e);
    } catch (ViciException e) {
      if (e.reason() != Reason.TIMED_OUT) close(); // else fill closed it, unless between frames
      throw e;
    }
  }

  /// Also when the other side has hung up: reading then says so.
  ///
  /// @param wait for it, at most; zero to look only
  boolean hasInput(Duration wait) throws ViciException {
    try {
      key.interestOps(SelectionKey.OP_READ);
      boolean input = (wait.isZero() ? selector.selectNow() : selector.select(wait.toMillis())) > 0;
      selector.selectedKeys().clear();
      return input;
    } catch (IOException | java.nio.channels.ClosedSelectorException e) {
      close();
      throw new ViciException(Reason.UNREACHABLE, "the connection to charon broke: " + e, e);
    }
  }

  private void fill(ByteBuffer buffer, long deadline, Duration patience)
      throws IOException, ViciException {
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer);
      if (count < 0) {
        throw new ViciException(Reason.UNREACHABLE, "charon closed the connection");
      }
      if (count > 0 || ready(SelectionKey.OP_READ, deadline)) continue;
      boolean between = buffer.position() == 0 && buffer.capacity() == Integer.BYTES;
      if (!between) close();
      throw new ViciException(
          Reason.TIMED_OUT, "charon said nothing for " + patience.toMillis() + " ms");
    }
  }

  private boolean ready(int operation, long deadline) throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) return false;
    key.interestOps(operation);
    int unused = selector.select(left);
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) throw new IOException("interrupted");
    return true;
  }

  private ViciException lost(IOException e) {
    close();
    return new ViciException(Reason.UNREACHABLE, "the connection to charon broke: " + e, e);
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
