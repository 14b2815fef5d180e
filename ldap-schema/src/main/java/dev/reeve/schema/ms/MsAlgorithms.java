package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer;
import java.util.OptionalLong;

/// The numbers that algorithms have in Microsoft's form. Most of today's have none.
public final class MsAlgorithms {

  private MsAlgorithms() {}

  /// Of main mode and ESP alike, as Windows writes them: 1 is DES.
  static OptionalLong find(Encryption encryption) {
    return switch (encryption) {
      case NULL -> OptionalLong.of(0);
      case DES -> OptionalLong.of(1);
      case DES3 -> OptionalLong.of(3);
      case AES128, AES192, AES256, AES128_GCM, AES256_GCM, CHACHA20_POLY1305 ->
          OptionalLong.empty();
    };
  }

  static OptionalLong find(Integrity integrity) {
    return switch (integrity) {
      case NONE -> OptionalLong.of(0);
      case MD5 -> OptionalLong.of(1);
      case SHA1 -> OptionalLong.of(2);
      case SHA256, SHA384, SHA512 -> OptionalLong.empty();
    };
  }

  static OptionalLong find(DhGroup group) {
    return switch (group) {
      case MODP768 -> OptionalLong.of(1);
      case MODP1024 -> OptionalLong.of(2);
      case MODP2048 -> OptionalLong.of(0x1000_0001);
      case MODP3072, MODP4096, ECP256, ECP384, ECP521, CURVE25519 -> OptionalLong.empty();
    };
  }

  /// Whether Microsoft's main mode can propose it.
  public static boolean carries(MainModeProposal proposal) {
    return find(proposal.encryption()).isPresent()
        && find(proposal.integrity()).isPresent()
        && find(proposal.group()).isPresent();
  }

  /// Whether the older shape of filters can say it, the one of form A.
  public static boolean fitsFormA(Filter filter) {
    return MsFiltersWriter.fitsOlder(filter);
  }

  /// Whether Microsoft's quick mode can offer it, apart from the group of its PFS and its limits.
  public static boolean carries(QuickModeOffer offer) {
    return offer.esp().map(MsAlgorithms::carries).orElse(true)
        && offer.ah().map(ah -> find(ah).isPresent()).orElse(true);
  }

  private static boolean carries(QuickModeOffer.Esp esp) {
    return find(esp.encryption()).isPresent() && find(esp.integrity()).isPresent();
  }

  static long number(Encryption encryption) {
    return find(encryption).orElseThrow(() -> none(encryption));
  }

  static long number(Integrity integrity) {
    return find(integrity).orElseThrow(() -> none(integrity));
  }

  static long number(DhGroup group) {
    return find(group).orElseThrow(() -> none(group));
  }

  private static IllegalArgumentException none(Object algorithm) {
    return new IllegalArgumentException(algorithm + " has no number in Microsoft's form");
  }
}
