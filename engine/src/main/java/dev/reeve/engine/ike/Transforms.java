package dev.reeve.engine.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Says in plain words why two lists of proposals, as charon logs them, have nothing in common:
/// `IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048, IKE:…`.
final class Transforms {

  private Transforms() {}

  private enum Kind {
    GROUP("DH group"),
    ENCRYPTION("cipher"),
    INTEGRITY("integrity hash"),
    PRF("key derivation hash");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Kind of(String transform) {
      if (transform.startsWith("PRF_")) return PRF;
      if (transform.matches("(MODP|ECP|CURVE|FFDHE|MLKEM|KE)[_0-9].*")) return GROUP;
      return transform.matches("(HMAC|AES_XCBC|AES_CMAC|CMAC|KPDK|DES_MAC).*")
          ? INTEGRITY
          : ENCRYPTION;
    }
  }

  /// @param offered by the peer
  /// @param configured here
  static String difference(String offered, String configured) {
    var theirs = byKind(offered);
    var ours = byKind(configured);
    var parts = new ArrayList<String>();
    for (Kind kind : Kind.values()) {
      Set<String> wanted = ours.getOrDefault(kind, Set.of());
      Set<String> found = theirs.getOrDefault(kind, Set.of());
      boolean common = wanted.stream().anyMatch(found::contains);
      if (common || wanted.isEmpty() || found.isEmpty()) continue;
      parts.add(
          kind.word + ": the peer has only " + words(found) + ", this host wants " + words(wanted));
    }
    return parts.isEmpty()
        ? "no combination in common: the peer offers " + offered + "; this host wants " + configured
        : String.join("; ", parts);
  }

  private static Map<Kind, Set<String>> byKind(String proposals) {
    var found = new LinkedHashMap<Kind, Set<String>>();
    for (String proposal : proposals.split(",\\s*")) {
      String bare = proposal.replaceFirst("^(IKE|ESP|AH):", "");
      for (String transform : bare.split("/")) {
        if (transform.isEmpty() || transform.endsWith("EXT_SEQ")) continue;
        found.computeIfAbsent(Kind.of(transform), _ -> new LinkedHashSet<>()).add(transform);
      }
    }
    return found;
  }

  private static String words(Set<String> transforms) {
    return transforms.stream().map(Transforms::word).collect(Collectors.joining(" or "));
  }

  /// A DH group as administrators count them; anything else as charon says it.
  static String word(String transform) {
    return switch (transform) {
      case "MODP_768" -> "group 1 (768 bits)";
      case "MODP_1024" -> "group 2 (1024 bits)";
      case "MODP_1536" -> "group 5 (1536 bits)";
      case "MODP_2048" -> "group 14 (2048 bits)";
      case "MODP_3072" -> "group 15 (3072 bits)";
      case "MODP_4096" -> "group 16 (4096 bits)";
      case "MODP_6144" -> "group 17 (6144 bits)";
      case "MODP_8192" -> "group 18 (8192 bits)";
      case "ECP_256" -> "group 19 (ECP 256)";
      case "ECP_384" -> "group 20 (ECP 384)";
      case "ECP_521" -> "group 21 (ECP 521)";
      case "CURVE_25519" -> "group 31 (Curve25519)";
      default -> transform;
    };
  }

  /// What this host proposes itself, in the words of its settings: `aes256-sha256-modp2048`.
  static String proposed(List<String> proposals) {
    List<String> groups =
        proposals.stream()
            .flatMap(proposal -> Arrays.stream(proposal.split("-")))
            .map(part ->
                part.matches("(modp|ecp|curve)[0-9]+")
                    ? word(part.replaceFirst("([a-z]+)", "$1_").toUpperCase(java.util.Locale.ROOT))
                    : "")
            .filter(word -> !word.isEmpty())
            .distinct()
            .toList();
    return String.join(", ", proposals)
        + (groups.isEmpty() ? "" : " (DH " + String.join(" or ", groups) + ")");
  }
}
