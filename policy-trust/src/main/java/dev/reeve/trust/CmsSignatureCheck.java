package dev.reeve.trust;

import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.bundle.SignatureCheck;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.cms.SignerInfo;

/// Reads exactly what [CmsSigner] writes. Whatever a message brings along — certificates, CRLs,
/// unsigned attributes — is not looked at.
public final class CmsSignatureCheck implements SignatureCheck {

  private final PinnedSigners signers;
  private final String type;
  private final Set<Refusal> skipped;

  public CmsSignatureCheck(PinnedSigners signers) {
    this(signers, Oids.MANIFEST);
  }

  /// @param type the one content type that is let in
  CmsSignatureCheck(PinnedSigners signers, String type) {
    this(signers, type, EnumSet.noneOf(Refusal.class));
  }

  /// For the attack table, which shows that each check is what stops its attack.
  CmsSignatureCheck(PinnedSigners signers, Set<Refusal> skipped) {
    this(signers, Oids.MANIFEST, skipped);
  }

  private CmsSignatureCheck(PinnedSigners signers, String type, Set<Refusal> skipped) {
    this.signers = signers;
    this.type = type;
    this.skipped = Set.copyOf(skipped);
  }

  @Override
  public Outcome check(byte[] signed) {
    try {
      var message = SignedMessage.parse(signed, !skipped.contains(Refusal.NOT_SIGNED_DATA));
      if (!message.contentType().equals(type) && !skipped.contains(Refusal.WRONG_CONTENT_TYPE)) {
        throw new RefusedException(
            Refusal.WRONG_CONTENT_TYPE,
            "content type " + message.contentType() + ", expected " + type);
      }
      checkSigners(message);
      return new Outcome.Valid(message.content());
    } catch (RefusedException e) {
      return new Outcome.Invalid(e.reason(), e.detail());
    }
  }

  private void checkSigners(SignedMessage message) throws RefusedException {
    List<SignerInfo> found = message.signers();
    if (found.isEmpty()) {
      if (skipped.contains(Refusal.NO_SIGNER)) return;
      throw new RefusedException(Refusal.NO_SIGNER, "nobody signed it");
    }
    if (found.size() > 1 && !skipped.contains(Refusal.SEVERAL_SIGNERS)) {
      throw new RefusedException(Refusal.SEVERAL_SIGNERS, found.size() + " signers, expected one");
    }
    for (int i = 0; ; i++) { // more than one only when the attack table asks: then any will do
      try {
        new SignerCheck(message, found.get(i), signers, skipped).run();
        return;
      } catch (RefusedException e) {
        if (i + 1 == found.size()) throw e;
      }
    }
  }
}
