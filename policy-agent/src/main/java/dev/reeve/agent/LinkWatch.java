package dev.reeve.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/// A number that changes when this host's addresses, routes or resolvers do. Reads a few small
/// files of the kernel into one buffer: cheap enough for every other second.
final class LinkWatch implements Supplier<Long> {

  private static final int MOST = 1 << 20;

  private final List<Path> files;
  private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);

  LinkWatch(Path root) {
    this.files =
        List.of(
            root.resolve("proc/net/route"),
            root.resolve("proc/net/if_inet6"),
            root.resolve("proc/net/fib_trie"),
            root.resolve("etc/resolv.conf"));
  }

  @Override
  public Long get() {
    var sum = new CRC32();
    for (Path file : files) add(sum, file);
    return sum.getValue();
  }

  private void add(CRC32 sum, Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int total = 0; total < MOST; total += buffer.position()) {
        buffer.clear();
        if (channel.read(buffer) < 0) return;
        sum.update(buffer.array(), 0, buffer.position());
      }
    } catch (IOException _) {
      sum.update(0); // not there: that too is a state
    }
  }
}
