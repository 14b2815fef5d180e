package dev.reeve.benchmarks;

import dev.reeve.cli.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a process costs the machine now.
///
/// @param rssKiB resident
/// @param pssKiB resident, what is shared counted in proportion
/// @param cpuTicks used since it started, of 1/100 s
record ProcessCost(long rssKiB, long pssKiB, long cpuTicks) {

  static ProcessCost of(long pid) throws LabException {
    Path proc = Path.of("/proc", Long.toString(pid));
    try {
      List<String> memory = Files.readAllLines(proc.resolve("smaps_rollup"));
      String stat = Files.readString(proc.resolve("stat"));
      // After the name, which may hold anything: state is field 3, utime 14, stime 15.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return new ProcessCost(
          kiB(memory, "Rss:"),
          kiB(memory, "Pss:"),
          Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
    } catch (IOException e) {
      throw new LabException("cannot read " + proc + "; this benchmark needs Linux", e);
    }
  }

  private static long kiB(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}
