package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What labs leave whose process was killed: namespaces, the processes in them, directories. Only
/// what is proven to be a lab's, and to have nobody any more.
final class Leftovers {

  private static final Pattern NAME = Pattern.compile("reeve-[0-9a-f]{4}");

  private Leftovers() {}

  /// @param parent of the labs' directories
  /// @return the names of the labs that were cleared away
  static List<String> clear(Path parent) {
    var cleared = new ArrayList<String>();
    for (Path directory : directories(parent)) {
      Optional<LabClaim> claim = LabClaim.takeOver(directory);
      if (claim.isEmpty()) continue;
      try (LabClaim _ = claim.get()) {
        String name = directory.getFileName().toString();
        boolean gone = network(name + "-");
        programs(directory);
        if (!gone) continue; // the directory is the proof of whose they are
        LabFiles.remove(directory);
        cleared.add(name);
      }
    }
    return cleared;
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> list = Files.list(parent)) {
      return list.filter(dir -> NAME.matcher(dir.getFileName().toString()).matches())
          .filter(dir -> Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS))
          .map(Path::toAbsolutePath)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /// @return whether none of its namespaces is left
  private static boolean network(String prefix) {
    if (!Tools.mayMakeNamespaces() || !Tools.missing().isEmpty()) return true;
    LabNetwork network = LabNetwork.left(prefix);
    for (long pid : network.processes()) end(ProcessHandle.of(pid));
    network.remove();
    return network.leftovers().isEmpty();
  }

  /// Those that the lab started, by the mark in their environment. Whoever else reads a file of its
  /// directory goes on.
  private static void programs(Path directory) {
    String mark = LabProcess.MARK + "=" + directory + "/";
    ProcessHandle.allProcesses()
        .filter(process -> environment(process.pid()).anyMatch(entry -> entry.startsWith(mark)))
        .forEach(process -> end(Optional.of(process)));
  }

  private static Stream<String> environment(long pid) {
    try {
      Path file = Path.of("/proc", Long.toString(pid), "environ");
      return Stream.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
    } catch (IOException e) {
      return Stream.empty(); // another user's, or it has ended
    }
  }

  private static void end(Optional<ProcessHandle> process) {
    process.ifPresent(ProcessHandle::destroyForcibly);
  }
}
