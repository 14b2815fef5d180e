package dev.reeve.cli.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The commands of other packages that namespaces and rules need.
public final class Tools {

  /// Command → Debian package.
  private static final Map<String, String> NEEDED =
      Map.of("ip", "iproute2", "nft", "nftables", "sysctl", "procps");

  private static final Duration INSTALLING = Duration.ofMinutes(5);

  private Tools() {}

  /// Whether this process may make network namespaces.
  public static boolean mayMakeNamespaces() {
    return System.getProperty("os.name").equals("Linux") && userId() == 0;
  }

  public static long userId() {
    try {
      return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    } catch (java.io.IOException | RuntimeException e) {
      return -1;
    }
  }

  /// The commands that are not installed.
  public static List<String> missing() {
    return NEEDED.keySet().stream().filter(tool -> !has(tool)).sorted().toList();
  }

  private static boolean has(String tool) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    return Stream.of(path.split(":"))
        .filter(dir -> !dir.isEmpty())
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
  }

  /// Installs what is missing where apt can.
  ///
  /// @param say told what is being installed
  /// @throws LabException names what is missing and how to get it
  public static void ensure(Consumer<String> say) throws LabException {
    List<String> missing = missing();
    if (missing.isEmpty()) return;
    List<String> packages = missing.stream().map(NEEDED::get).distinct().sorted().toList();
    if (has("apt-get")) {
      say.accept("installing " + String.join(", ", packages));
      install(packages);
    }
    List<String> still = missing();
    if (!still.isEmpty()) {
      throw new LabException(
          "needs the commands "
              + String.join(", ", still)
              + " (Debian packages "
              + String.join(", ", packages)
              + "): install them and start again");
    }
  }

  private static void install(List<String> packages) throws LabException {
    var update = List.of("apt-get", "-qq", "update");
    var install =
        new ArrayList<>(
            List.of(
                "env",
                "DEBIAN_FRONTEND=noninteractive", //
                "apt-get",
                "-y",
                "-qq",
                "--no-install-recommends",
                "install"));
    install.addAll(packages);
    var unused = Command.run(update, "", INSTALLING);
    Command.Output output = Command.run(install, "", INSTALLING);
    if (!output.succeeded()) {
      throw new LabException(
          "apt-get cannot install " + String.join(" ", packages) + ": " + output.said());
    }
  }
}
