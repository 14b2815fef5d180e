package dev.reeve.model.ipsec;

import java.time.Duration;
import java.util.Optional;

/// One way in which traffic may be protected: the Child SA. ESP, AH, or both.
///
/// @param ah the integrity algorithm of AH
/// @param lifetime whole seconds, more than none
/// @param kilobytes traffic after which keys are renewed, more than none
public record QuickModeOffer(
    Optional<Esp> esp,
    Optional<Integrity> ah,
    Duration lifetime,
    long kilobytes,
    PerfectForwardSecrecy pfs) {

  /// What zero means in Microsoft's encoding: one hour and 100 000 kilobytes.
  public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  public static final long DEFAULT_KILOBYTES = 100_000;

  public QuickModeOffer {
    if (esp.isEmpty() && ah.isEmpty())
      throw new IllegalArgumentException("an offer needs ESP or AH");
    if (ah.isPresent() && ah.get() == Integrity.NONE)
      throw new IllegalArgumentException("AH needs an integrity algorithm");
    Seconds.check("offer lifetime", lifetime);
    if (kilobytes <= 0)
      throw new IllegalArgumentException(
          "offer of " + kilobytes + " kilobytes, expected more than 0");
  }

  /// @param integrity `NONE` with an AEAD cipher
  public record Esp(Encryption encryption, Integrity integrity) {
    public Esp {
      if (encryption == Encryption.NULL && integrity == Integrity.NONE) {
        throw new IllegalArgumentException(
            "ESP with neither encryption nor integrity protects nothing");
      }
      if (encryption.isAead() && integrity != Integrity.NONE) {
        throw new IllegalArgumentException(
            encryption + " carries its own integrity, " + integrity + " beside it is wrong");
      }
    }
  }

  /// The extra Diffie-Hellman exchange of a quick mode.
  public sealed interface PerfectForwardSecrecy {
    /// Keys derive from the main mode.
    enum None implements PerfectForwardSecrecy {
      NONE
    }

    /// The group of the main mode that was agreed.
    enum MainModeGroup implements PerfectForwardSecrecy {
      MAIN_MODE_GROUP
    }

    record Group(DhGroup group) implements PerfectForwardSecrecy {}
  }

  public boolean isWeak() {
    return esp.filter(e -> e.encryption().isWeak() || e.integrity().isWeak()).isPresent()
        || ah.filter(Integrity::isWeak).isPresent()
        || pfs instanceof PerfectForwardSecrecy.Group(var group) && group.isWeak();
  }
}
