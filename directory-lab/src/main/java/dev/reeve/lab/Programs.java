package dev.reeve.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Other people's programs.
public final class Programs {

  private Programs() {}

  public static Optional<Path> find(String program) {
    return Stream.of("/usr/bin", "/usr/sbin", "/usr/libexec", "/usr/local/bin", "/usr/local/sbin")
        .map(d -> Path.of(d, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /// @return what it printed
  public static String run(Object... command) throws IOException, InterruptedException {
    return run(Map.of(), "", command);
  }

  public static String run(Map<String, String> environment, String input, Object... command)
      throws IOException, InterruptedException {
    List<String> words = Stream.of(command).map(Object::toString).toList();
    Path output = Files.createTempFile("program", ".out");
    Path given = Files.writeString(Files.createTempFile("program", ".in"), input);
    try {
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().putAll(environment);
      builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
      Process process =
          builder.redirectInput(given.toFile()).redirectOutput(output.toFile()).start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(words + " did not end: " + Files.readString(output, UTF_8));
      }
      String said = Files.readString(output, UTF_8);
      if (process.exitValue() != 0)
        throw new IOException(words + " ended with " + process.exitValue() + ": " + said);
      return said;
    } finally {
      Files.delete(output);
      Files.delete(given);
    }
  }

  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
