package dev.reeve.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// A number that changes when this host's addresses, default routes, resolvers or DHCP leases do.
/// Reads a few small files, those of the kernel into one buffer: cheap enough for every other
/// second.
final class LinkWatch implements Supplier<Long> {

  /// Bytes of a file. A router may have more; its changes are seen when the policy is compared.
  private static final int MOST = 1 << 20;

  /// Bytes of a line of ipv6_route.
  private static final int ROUTE = 150;

  private static final String DEFAULT_ROUTE = "0".repeat(32) + " 00 ";

  private final List<Path> files;
  private final Path ipv6Routes;
  private final List<Path> leases;
  private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);

  LinkWatch(Path root) {
    this.files =
        List.of(
            root.resolve("proc/net/route"),
            root.resolve("proc/net/if_inet6"),
            root.resolve("proc/net/fib_trie"),
            root.resolve("etc/resolv.conf"));
    this.ipv6Routes = root.resolve("proc/net/ipv6_route");
    this.leases = List.of(root.resolve("run/systemd/netif/leases"), root.resolve("var/lib/dhcp"));
  }

  @Override
  public Long get() {
    var sum = new CRC32();
    for (Path file : files) add(sum, file);
    addGateways(sum);
    for (Path directory : leases) addWritten(sum, directory);
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

  /// Not the whole lines: they count how often a route is used.
  private void addGateways(CRC32 sum) {
    try (Stream<String> lines = Files.lines(ipv6Routes, StandardCharsets.ISO_8859_1)) {
      lines
          .limit(MOST / ROUTE)
          .filter(line -> line.startsWith(DEFAULT_ROUTE))
          .map(line -> line.split(" +"))
          .filter(words -> words.length > 8)
          .map(words -> words[4] + words[8])
          .forEach(gateway -> sum.update(gateway.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IOException | UncheckedIOException _) {
      sum.update(0);
    }
  }

  private static void addWritten(CRC32 sum, Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.sorted().toList()) {
        String written = file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
        sum.update(written.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | UncheckedIOException _) {
      sum.update(0);
    }
  }
}
