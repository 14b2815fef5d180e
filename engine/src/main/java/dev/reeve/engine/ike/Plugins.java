package dev.reeve.engine.ike;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a charon must have loaded to be of use, and what it must not.
final class Plugins {

  /// By the Debian package that each comes in.
  private static final Map<String, String> NEEDED =
      new TreeMap<>(
          Map.of(
              "kernel-netlink", "libstrongswan",
              "socket-default", "strongswan-libcharon",
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
    String missing =
        NEEDED.entrySet().stream()
            .filter(needed -> !loaded.contains(needed.getKey()))
            .map(needed -> needed.getKey() + " (Debian package " + needed.getValue() + ")")
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("charon has not loaded its plug-in " + missing);
  }
}
