package dev.reeve.benchmarks;

import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.ldap.LdapSource;
import dev.reeve.server.secrets.Vault;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/// A process that reads a directory as the server does, and prints `MILLISECONDS COMPUTERS PEAK
/// KEPT`: from the first connection to the picture, and its heap in MiB, at most and in the end.
public final class SnapshotReader {

  private static final double MEBI = 1024 * 1024;

  private SnapshotReader() {}

  /// @param args port, CA file, password file
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    var ready = new CountDownLatch(1);
    try (var current =
            new CurrentSnapshot(new Vault(new byte[Vault.KEY_BYTES]), Clock.systemUTC());
        var source =
            new LdapSource(
                FleetSlapd.config(Integer.parseInt(args[0]), Path.of(args[1]), Path.of(args[2])))) {
      current.onChange(ready::countDown);
      source.start(current);
      ready.await();
      double millis = (System.nanoTime() - start) / 1e6;
      int computers = current.view().orElseThrow().snapshot().computers().size();
      double peak = 0;
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
        if (pool.getType() == MemoryType.HEAP) peak += pool.getPeakUsage().getUsed();
      for (int i = 0; i < 3; i++) System.gc();
      double kept = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      System.out.println(millis + " " + computers + " " + peak / MEBI + " " + kept / MEBI);
    }
  }
}
