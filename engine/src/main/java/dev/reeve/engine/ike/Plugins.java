package dev.reeve.engine.ike;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a charon must have loaded to be of use, and what it must not.
final class Plugins {

  /// Where Debian's packages put them.
  static final Path DIRECTORY = Path.of("/usr/lib/ipsec/plugins");

  /// By the Debian package that each comes in.
  private static final Map<String, String> NEEDED =
      new TreeMap<>(
          Map.of(
              "kernel-netlink", "libstrongswan",
              "socket-default", "strongswan-libcharon",
              "vici", "strongswan-swanctl",
              "nonce", "libstrongswan",
              "pkcs8", "libstrongswan",
              "x509", "libstrongswan",
              "pubkey", "libstrongswan",
              "constraints", "libstrongswan",
              "revocation", "libstrongswan",
              "openssl", "libstrongswan-standard-plugins"));

  private Plugins() {}

  /// Why a charon with these is not used; empty when it can be.
  static Optional<String> whyUnfit(Set<String> loaded) {
    if (loaded.contains("bypass-lan")) {
      return Optional.of(
          "charon has loaded bypass-lan, which lets traffic to the own subnets pass in clear; set"
              + " charon.plugins.bypass-lan.load = no");
    }
    return without(loaded::contains).map(missing -> "charon has not loaded its plug-in " + missing);
  }

  /// What a charon that does not run yet will lack. One that was built elsewhere has its plug-ins
  /// elsewhere, or within itself, and says so itself when it runs.
  static Optional<String> notInstalled(Path directory) {
    if (!Files.isDirectory(directory)) return Optional.empty();
    return without(name -> Files.exists(directory.resolve("libstrongswan-" + name + ".so")))
        .map(missing -> "strongSwan is installed without its plug-in " + missing);
  }

  private static Optional<String> without(Predicate<String> there) {
    String missing =
        NEEDED.entrySet().stream()
            .filter(needed -> !there.test(needed.getKey()))
            .map(needed -> needed.getKey() + " (Debian package " + needed.getValue() + ")")
            .collect(Collectors.joining(", "));
    return Optional.of(missing).filter(names -> !names.isEmpty());
  }
}
