package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A charon-systemd that we start, with settings of ours in a directory of ours. It never reads the
/// host's own strongSwan configuration, and one that is found running there is used: it outlives
/// us, so that associations do too.
public final class OwnCharon implements IkeDaemon, Closeable {

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/charon-systemd"), Path.of("/usr/libexec/ipsec/charon-systemd"));
  private static final String NOT_INSTALLED =
      "strongSwan is not installed (Debian packages charon-systemd and"
          + " libstrongswan-standard-plugins)";
  private static final int IKE_PORT = 500;

  /// Bytes, looked at when a policy is applied: every minute. It lies in memory.
  private static final long MOST_LOGGED = 16 << 20;

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final Path directory;
  private final List<String> prefix;
  private Optional<Process> process = Optional.empty();
  private boolean detailed;

  /// @param directory for its settings, socket and log; made when it is missing
  /// @param prefix how to run programs, such as in a network namespace; empty for plainly
  public OwnCharon(Path directory, List<String> prefix) {
    this.directory = directory.toAbsolutePath();
    this.prefix = List.copyOf(prefix);
  }

  private static Optional<Path> program() {
    return PROGRAMS.stream().filter(Files::isExecutable).findFirst();
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public Optional<String> missing() {
    return notInstalled();
  }

  /// What can be seen before one runs.
  static Optional<String> notInstalled() {
    return program().isPresent()
        ? Plugins.notInstalled(Plugins.DIRECTORY)
        : Optional.of(NOT_INSTALLED);
  }

  @Override
  public Path ensure() throws IkeException {
    if (answers()) return socket();
    Optional<String> missing = missing();
    if (missing.isPresent()) throw new IkeException(missing.get());
    Path program = program().orElseThrow();
    refuseBesideAnother();
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(socket());
      Path settings = settingsFile();
      Files.writeString(settings, settings(directory, detailed));
      var line = new ArrayList<>(prefix);
      line.add(program.toString());
      var builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().put("STRONGSWAN_CONF", settings.toString());
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.redirectOutput(directory.resolve("out").toFile());
      Process started = builder.start();
      process = Optional.of(started);
      awaitAnswer(started);
      return socket();
    } catch (IOException e) {
      throw new IkeException("charon cannot be started: " + e.getMessage(), e);
    }
  }

  private Path settingsFile() {
    return directory.resolve("strongswan.conf");
  }

  @Override
  public void logging(boolean detailed) throws IkeException {
    this.detailed = detailed;
    if (!Files.exists(socket())) return; // it will start with it
    try {
      String before = Files.readString(settingsFile());
      String wanted = settings(directory, detailed);
      Path log = directory.resolve("log");
      boolean full = Files.exists(log) && Files.size(log) > MOST_LOGGED;
      if (before.equals(wanted) && !full) return;
      Path old = directory.resolve("log.1");
      if (full) Files.move(log, old, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(settingsFile(), wanted);
      try (var client = ViciClient.connect(socket())) {
        client.change("reload-settings", ViciMessage.EMPTY); // opens its log anew, too
      } catch (ViciException e) {
        if (!answers()) return; // the next one will start with it
        if (full) Files.move(old, log, StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(settingsFile(), before);
        throw new IkeException("charon does not take its settings: " + e.getMessage(), e);
      }
    } catch (IOException e) {
      throw new IkeException("charon's settings cannot be changed: " + e.getMessage(), e);
    }
  }

  /// Two IKE daemons cannot share the port, and charon would run on without it.
  private void refuseBesideAnother() throws IkeException {
    stopProcess();
    if (!prefix.isEmpty()) return; // somewhere else
    try (var channel = DatagramChannel.open()) {
      channel.bind(new InetSocketAddress(IKE_PORT));
    } catch (IOException e) {
      throw new IkeException(
          "UDP port 500 cannot be used (" + e.getMessage() + "): another IKE daemon seems to run",
          e);
    }
  }

  private void awaitAnswer(Process started) throws IkeException, IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      if (answers()) return;
      try {
        if (started.waitFor(20, TimeUnit.MILLISECONDS)) break;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IkeException("interrupted while charon started", e);
      }
    }
    String said = Files.readString(directory.resolve("out"), StandardCharsets.UTF_8).strip();
    throw new IkeException("charon does not start: " + said.lines().reduce((_, b) -> b).orElse(""));
  }

  /// Also one that an earlier life of ours started.
  private boolean answers() {
    if (!Files.exists(socket())) return false;
    try (var client = ViciClient.connect(socket(), Duration.ofSeconds(5))) {
      return client.ask("version", ViciMessage.EMPTY).find("daemon").isPresent();
    } catch (ViciException e) {
      return false;
    }
  }

  @Override
  public boolean runs() {
    if (process.isPresent()) return process.get().isAlive();
    try (var _ = ViciClient.connect(socket())) {
      return true; // somebody listens
    } catch (ViciException e) {
      return false;
    }
  }

  private Path socket() {
    return directory.resolve("vici");
  }

  private void stopProcess() {
    if (process.isEmpty()) return;
    try { // it does not answer; the kernel's policies are not its own, and stay
      var unused = process.get().destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process = Optional.empty();
  }

  /// As in a crash: what it made stays in the kernel. For tests.
  public void kill() {
    stopProcess();
  }

  /// Ends it, and with it every association. For uninstalling and for tests.
  @Override
  public void close() {
    process.ifPresent(running -> {
      running.destroy();
      try {
        if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) running.destroyForcibly();
      } catch (InterruptedException e) {
        running.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    });
    process = Optional.empty();
  }

  /// An explicit list of plug-ins: Debian's own adds some that open holes (bypass-lan) or change
  /// the resolver. Quick retransmission: charon loses answers that are faster than it is (a race
  /// with connections for any peer), and a peer that does not answer is asked again soon. No
  /// association of another connection is used again: the peer may know it under one of its own
  /// that lacks what is asked for.
  ///
  /// @param detailed the host setting `ikeLogging`
  static String settings(Path directory, boolean detailed) {
    return """
    charon-systemd {
      load = random nonce openssl pem pkcs1 pkcs8 x509 pubkey revocation constraints curve25519 kdf hmac sha2 sha1 md5 aes gcm cmac chapoly kernel-netlink socket-default vici updown counters
      retransmit_timeout = 0.5
      retransmit_base = 1.6
      retransmit_tries = 6
      install_routes = no
      reuse_ikesa = no
      install_virtual_ip = no
      cookie_threshold = 30
      block_threshold = 10
      init_limit_half_open = 500
      half_open_timeout = 15
      filelog {
        f {
          path = %1$s/log
          append = yes
          time_format = %%Y-%%m-%%dT%%H:%%M:%%S
          time_add_ms = yes
          default = %2$d
          flush_line = yes
        }
      }
      journal {
        default = -1
      }
      syslog {
        daemon {
          default = -1
        }
        auth {
          default = -1
        }
      }
      plugins {
        vici {
          socket = unix://%1$s/vici
        }
        kernel-netlink {
          xfrm_acq_expires = 25
        }
      }
    }
    """
        .formatted(directory, detailed ? 2 : 1);
  }
}
