package dev.reeve.trust;

import dev.reeve.model.bundle.SignatureCheck.Outcome;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// How hosts learn of another policy signer without joining again: the one that they trust signs a
/// list of those that follow it. Whoever follows must be certified for signing policy under the
/// same root as well, so that neither a stolen signer nor a stolen issuer is enough.
///
/// A list replaces the one before, and a signer that is not on it counts no more: an old list
/// cannot be shown again, for nobody trusts whoever signed it.
public final class SignerHandover {

  private static final int MOST_BYTES = 64 << 10;

  private SignerHandover() {}

  /// @param next with their issuers
  /// @return CMS SignedData of a content type of its own
  public static byte[] sign(Identity outgoing, List<X509Certificate> next) {
    return new CmsSigner(outgoing, Oids.HANDOVER)
        .sign(
            JsonText.writeBytes(
                JsonBuilder.object().put("v", 1).put("signers", Pem.write(next)).build()));
  }

  /// From the signers that are trusted, as far as the handovers lead.
  ///
  /// @param handovers in any order; those that nobody trusted signed, or that name somebody who is
  ///   not certified, lead nowhere
  /// @param signers with their issuers, PEM
  /// @return likewise; the same when none leads on
  /// @throws CertificateException when what is trusted now cannot be
  public static String follow(List<byte[]> handovers, String signers, X509Certificate root)
      throws CertificateException {
    var left = new ArrayList<>(handovers);
    String trusted = signers;
    for (boolean further = true; further; ) {
      further = false;
      var check =
          new CmsSignatureCheck(
              PinnedSigners.of(Pem.parseCertificates(trusted), root), Oids.HANDOVER);
      for (byte[] handover : List.copyOf(left)) {
        if (further || handover.length > MOST_BYTES) continue;
        if (!(check.check(handover) instanceof Outcome.Valid(var content))) continue;
        left.remove(handover);
        try {
          String next = parse(content);
          var unused = PinnedSigners.of(Pem.parseCertificates(next), root);
          trusted = next;
          further = true;
        } catch (CertificateException | IllegalArgumentException e) {
          // it names somebody whom the root does not know: as if it were not there
        }
      }
    }
    return trusted;
  }

  private static String parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    String signers = in.string("signers");
    in.end();
    return signers;
  }
}
