package dev.reeve.server.store;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Starts the same main class many times, fast: with an archive of its classes, which the JVM makes
/// of jars but not of directories.
final class ChildJvm {

  private final String main;
  private final String classPath;
  private final Path archive;

  private ChildJvm(String main, String classPath, Path archive) {
    this.main = main;
    this.classPath = classPath;
    this.archive = archive;
  }

  /// @param rehearsal arguments for a run that ends by itself
  static ChildJvm prepare(Class<?> main, Path scratch, List<String> rehearsal)
      throws IOException, InterruptedException {
    var paths = new ArrayList<String>();
    Path jar = scratch.resolve("directories.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      var seen = new HashSet<String>();
      for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        if (Files.isDirectory(Path.of(path)) && !path.isEmpty()) pack(Path.of(path), out, seen);
        else if (!path.isEmpty()) paths.add(Path.of(path).toAbsolutePath().toString());
      }
    }
    paths.addFirst(jar.toString());
    var child =
        new ChildJvm(
            main.getName(), String.join(File.pathSeparator, paths), scratch.resolve("classes.jsa"));
    Process process = child.run("-XX:ArchiveClassesAtExit=" + child.archive, rehearsal);
    process.getInputStream().transferTo(OutputStream.nullOutputStream());
    if (process.waitFor() != 0) throw new IOException("the rehearsal failed");
    return child;
  }

  private static void pack(Path directory, JarOutputStream out, HashSet<String> seen)
      throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(file).toString();
        if (!seen.add(name)) continue; // the first on the class path counts
        out.putNextEntry(new JarEntry(name));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  Process start(List<String> arguments) throws IOException {
    return run("-XX:SharedArchiveFile=" + archive, arguments);
  }

  private Process run(String option, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:disable", option));
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
