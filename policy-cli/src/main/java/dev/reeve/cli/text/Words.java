package dev.reeve.cli.text;

import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.status.PeerFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Small things as people say them.
public final class Words {

  private static final String WEAK = " (weak)";

  private Words() {}

  static String of(Encryption encryption) {
    String name =
        switch (encryption) {
          case NULL -> "no encryption";
          case DES -> "DES";
          case DES3 -> "3DES";
          case AES128 -> "AES-128";
          case AES192 -> "AES-192";
          case AES256 -> "AES-256";
          case AES128_GCM -> "AES-128-GCM";
          case AES256_GCM -> "AES-256-GCM";
          case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
        };
    return encryption.isWeak() ? name + WEAK : name;
  }

  static String of(Integrity integrity) {
    String name =
        switch (integrity) {
          case NONE -> "no integrity";
          case MD5 -> "MD5";
          case SHA1 -> "SHA-1";
          case SHA256 -> "SHA-256";
          case SHA384 -> "SHA-384";
          case SHA512 -> "SHA-512";
        };
    return integrity.isWeak() ? name + WEAK : name;
  }

  static String of(DhGroup group) {
    String name =
        switch (group) {
          case ECP256, ECP384, ECP521 ->
              "DH group " + group.number() + " (ECP-" + group.toString().substring(3) + ")";
          case CURVE25519 -> "DH group 31 (Curve25519)";
          default -> "DH group " + group.number() + " (" + group.toString().substring(4) + " bits)";
        };
    return group.isWeak() ? name + WEAK : name;
  }

  /// `8 hours`, `1 hour 30 minutes`, `45 seconds`.
  public static String of(Duration duration) {
    var parts = new ArrayList<String>();
    add(parts, duration.toDaysPart(), "day");
    add(parts, duration.toHoursPart(), "hour");
    add(parts, duration.toMinutesPart(), "minute");
    add(parts, duration.toSecondsPart(), "second");
    return parts.isEmpty() ? "0 seconds" : String.join(" ", parts);
  }

  private static void add(List<String> parts, long count, String unit) {
    if (count > 0) parts.add(count + " " + unit + (count == 1 ? "" : "s"));
  }

  /// `100,000`.
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /// Why a peer could not be agreed with.
  static String of(PeerFailure.Reason reason) {
    return switch (reason) {
      case NO_ANSWER -> "no answer";
      case MAIN_MODE_PROPOSAL -> "no main-mode proposal in common";
      case QUICK_MODE_PROPOSAL -> "no quick-mode offer in common";
      case TRAFFIC -> "no traffic in common";
      case PRE_SHARED_KEY -> "wrong pre-shared key";
      case CERTIFICATE_AUTHORITY -> "certificate of a CA that is not trusted";
      case CERTIFICATE_EXPIRED -> "expired certificate";
      case CERTIFICATE_REVOKED -> "revoked certificate";
      case REVOCATION_UNKNOWN -> "certificate without a fresh CRL";
      case REFUSED_BY_PEER -> "the peer refused this host";
      case NOT_AUTHENTICATED -> "not authenticated";
      case NO_RULE -> "no rule for it";
      case BEHIND_SAME_NAT -> "another host behind the same NAT is connected";
      case OTHER -> "another reason";
    };
  }
}
