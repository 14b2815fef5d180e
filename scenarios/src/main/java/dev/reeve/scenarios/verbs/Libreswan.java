package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// libreswan, as `build/libreswan` unpacks it: a peer that is not of our making.
public final class Libreswan {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Path SCRIPT =
      Path.of(Optional.ofNullable(System.getenv("REEVE_HOME")).orElse("."), "build/libreswan")
          .toAbsolutePath()
          .normalize();

  private Libreswan() {}

  public static boolean isThere() {
    try {
      return Command.run(List.of(SCRIPT.toString(), "dir")).succeeded();
    } catch (LabException e) {
      return false;
    }
  }

  /// Its IKE daemon on a host without an agent. A certificate that the host has is `host`.
  ///
  /// @param settings an ipsec.conf with a connection that waits for traffic
  /// @param secrets an ipsec.secrets
  /// @return when that connection waits
  static LabProcess start(Stage stage, LabHost host, String settings, String secrets)
      throws LabException {
    Path directory = stage.lab().directory().resolve(host.name()).resolve("libreswan");
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("ipsec.conf"), settings);
      Files.writeString(directory.resolve("ipsec.secrets"), secrets);
      for (String kind : List.of("pem", "key")) {
        Path file = host.certificates().resolve("workgroup." + kind);
        Path own = directory.resolve("host." + kind);
        if (Files.exists(file) && !Files.exists(own)) Files.copy(file, own);
      }
    } catch (IOException e) {
      throw new LabException("cannot write " + directory, e);
    }
    List<String> command = List.of(SCRIPT.toString(), "pluto", directory.toString());
    LabProcess pluto = stage.lab().startPeer(host.name(), host.namespace().inside(command));
    Await.until(
        "libreswan on " + host.name() + " to wait for traffic",
        START,
        () -> {
          if (!pluto.alive()) throw new LabException("libreswan ended: " + lastLine(pluto));
          return host.namespace().must("ip", "xfrm", "policy").contains("tmpl ");
        });
    return pluto;
  }

  private static String lastLine(LabProcess pluto) throws LabException {
    return pluto
        .printed()
        .lines()
        .filter(Predicate.not(String::isBlank))
        .reduce((_, last) -> last)
        .orElse("it said nothing");
  }
}
