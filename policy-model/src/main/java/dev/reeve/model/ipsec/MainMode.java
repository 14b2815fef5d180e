package dev.reeve.model.ipsec;

import java.time.Duration;
import java.util.List;

/// How peers authenticate each other and agree on keys to agree on keys: the IKE SA.
///
/// @param perfectForwardSecrecy a new main mode (new DH) for every quick mode
/// @param quickModesPerMainMode 0 = no limit
/// @param lifetime of the IKE SA, whole seconds, more than none
/// @param proposals most preferred first, never empty
public record MainMode(
    boolean perfectForwardSecrecy,
    int quickModesPerMainMode,
    Duration lifetime,
    List<MainModeProposal> proposals) {

  /// What zero means in Microsoft's encoding, and our default: 8 hours.
  public static final Duration DEFAULT_LIFETIME = Duration.ofHours(8);

  /// What a policy gets that says nothing.
  public static final MainMode DEFAULT =
      new MainMode(
          false,
          0,
          DEFAULT_LIFETIME,
          List.of(
              new MainModeProposal(Encryption.AES256_GCM, Integrity.SHA384, DhGroup.ECP384),
              new MainModeProposal(Encryption.AES256_GCM, Integrity.SHA256, DhGroup.CURVE25519),
              new MainModeProposal(Encryption.AES256, Integrity.SHA256, DhGroup.MODP2048)));

  public MainMode {
    proposals = List.copyOf(proposals);
    if (quickModesPerMainMode < 0)
      throw new IllegalArgumentException("quick modes per main mode below 0");
    Seconds.check("main-mode lifetime", lifetime);
    if (proposals.isEmpty()) throw new IllegalArgumentException("main mode needs a proposal");
  }

  /// @param integrity with an AEAD cipher, the pseudo-random function's hash
  public record MainModeProposal(Encryption encryption, Integrity integrity, DhGroup group) {

    public boolean isWeak() {
      return encryption.isWeak() || integrity.isWeak() || group.isWeak();
    }

    @Override
    public String toString() {
      return encryption + "-" + integrity + "-" + group;
    }
  }
}
