package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
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
        network(name + "-");
        programs(directory);
        LabFiles.remove(directory);
        cleared.add(name);
      }
    }
    return cleared;
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> list = Files.list(parent)) {
      return list.filter(dir -> NAME.matcher(dir.getFileName().toString()).matches())
          .filter(dir -> Files.isDirectory(dir, java.nio.file.LinkOption.NOFOLLOW_LINKS))
          .map(Path::toAbsolutePath)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void network(String prefix) {
    if (!Tools.mayMakeNamespaces() || !Tools.missing().isEmpty()) return;
    LabNetwork network = LabNetwork.left(prefix);
    for (long pid : network.processes()) end(ProcessHandle.of(pid));
    network.remove();
  }

  /// Without namespaces, its programs are known by its directory alone, which their arguments name.
  private static void programs(Path directory) {
    String sign = directory + "/";
    ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process ->
            process.info().arguments().stream()
                .flatMap(Stream::of)
                .anyMatch(argument -> argument.startsWith(sign)))
        .forEach(process -> end(Optional.of(process)));
  }

  private static void end(Optional<ProcessHandle> process) {
    process.ifPresent(ProcessHandle::destroyForcibly);
  }
}
