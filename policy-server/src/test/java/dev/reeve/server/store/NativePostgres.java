package dev.reeve.server.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// This machine's own PostgreSQL in a directory of its own, on loopback. It refuses to run as root,
/// so root hands it to `nobody`.
final class NativePostgres implements AutoCloseable {

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private final Path programs;
  private final Path home;
  private final int port;

  private NativePostgres(Path programs, Path home, int port) {
    this.programs = programs;
    this.home = home;
    this.port = port;
  }

  /// Where the newest version's programs are, if any.
  static Optional<Path> findPrograms() throws IOException {
    if (!Files.isDirectory(VERSIONS)) return Optional.empty();
    try (var versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("pg_ctl")))
          .max(Comparator.comparing(Path::toString));
    }
  }

  static NativePostgres start(Path programs) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("reeve-postgres");
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var postgres = new NativePostgres(programs, home, port);
    if (isRoot()) run(List.of("chown", "nobody", home.toString()));
    postgres.asServer(
        "initdb", "-D", postgres.data(), "-U", "reeve", "-A", "trust", "-E", "UTF8", "--locale=C");
    postgres.asServer(
        "pg_ctl",
        "-D",
        postgres.data(),
        "-w",
        "-l",
        home.resolve("log").toString(),
        "-o",
        "-h 127.0.0.1 -p " + port + " -k " + home,
        "start");
    return postgres;
  }

  private String data() {
    return home.resolve("data").toString();
  }

  DataSource source() {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setUser("reeve");
    source.setDatabaseName("postgres");
    return source;
  }

  @Override
  public void close() throws IOException {
    try {
      asServer("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
      run(List.of("rm", "-rf", home.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void asServer(String program, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (isRoot())
      command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("reeve-postgres", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(command + ": " + Files.readString(output, StandardCharsets.UTF_8));
      }
    } finally {
      Files.delete(output);
    }
  }
}
