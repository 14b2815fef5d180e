package dev.reeve.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A charon in a network namespace with nothing but a loopback interface.
public final class TestCharon implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/sbin/charon-systemd");

  private final String space;
  private final Path directory;
  private final Process process;

  private TestCharon(String space, Path directory, Process process) {
    this.space = space;
    this.directory = directory;
    this.process = process;
  }

  /// Why no charon can run here; empty when one can.
  public static Optional<String> missing() {
    if (!Files.isExecutable(PROGRAM)) return Optional.of("charon-systemd is not installed");
    return Lab.missing();
  }

  public static TestCharon start(Path directory) throws IOException, InterruptedException {
    String space = TestSpaces.prefix("charon");
    String settings =
        """
        charon-systemd {
          load = random nonce openssl pem pkcs1 pkcs8 x509 pubkey constraints curve25519 kdf hmac sha2 sha1 aes gcm kernel-netlink socket-default vici
          filelog {
            f {
              path = %1$s/log
              default = 1
            }
          }
          journal {
            default = -1
          }
          plugins {
            vici {
              socket = unix://%1$s/vici
            }
          }
        }
        """
            .formatted(directory);
    Path file = Files.writeString(directory.resolve("strongswan.conf"), settings);
    Lab.run("", "ip", "netns", "add", space);
    Lab.run("", "ip", "-n", space, "link", "set", "lo", "up");
    var builder = new ProcessBuilder("ip", "netns", "exec", space, PROGRAM.toString());
    builder.environment().put("STRONGSWAN_CONF", file.toString());
    File out = directory.resolve("out").toFile();
    var charon =
        new TestCharon(
            space, directory, builder.redirectErrorStream(true).redirectOutput(out).start());
    for (int i = 0; i < 300 && !Files.exists(charon.socket()); i++) {
      if (!charon.process.isAlive()) break;
      Thread.sleep(20);
    }
    if (Files.exists(charon.socket())) return charon;
    charon.close();
    throw new IOException("charon does not start: " + Files.readString(out.toPath()));
  }

  public Path socket() {
    return directory.resolve("vici");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
    Lab.run("", "ip", "netns", "del", space);
  }
}
