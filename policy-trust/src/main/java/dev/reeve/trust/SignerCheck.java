package dev.reeve.trust;

import dev.reeve.model.bundle.Refusal;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// One signer of one message: algorithms, key, attributes, signature, in this order.
final class SignerCheck {

  private final SignedMessage message;
  private final SignerInfo signer;
  private final PinnedSigners pinned;
  private final Set<Refusal> skipped;

  SignerCheck(
      SignedMessage message, SignerInfo signer, PinnedSigners pinned, Set<Refusal> skipped) {
    this.message = message;
    this.signer = signer;
    this.pinned = pinned;
    this.skipped = skipped;
  }

  void run() throws RefusedException {
    try {
      if (!signer.getVersion().hasValue(3)) { // RFC 5652 §5.3: named by key id
        throw new RefusedException(
            Refusal.NOT_SIGNED_DATA, "SignerInfo version " + signer.getVersion());
      }
      checkAlgorithms();
      Optional<PublicKey> key = key();
      if (key.isPresent()) verify(key.get(), signedBytes());
    } catch (IOException | RuntimeException e) { // the parser throws many kinds; all mean the same
      throw new RefusedException(Refusal.NOT_SIGNED_DATA, String.valueOf(e.getMessage()));
    }
  }

  private void checkAlgorithms() throws RefusedException {
    if (skipped.contains(Refusal.ALGORITHM)) return;
    boolean announced =
        message.digestAlgorithms().stream()
            .map(AlgorithmIdentifier::getInstance)
            .allMatch(algorithm -> isPlain(algorithm, NISTObjectIdentifiers.id_sha256));
    if (!announced
        || !isPlain(signer.getDigestAlgorithm(), NISTObjectIdentifiers.id_sha256)
        || !isPlain(signer.getDigestEncryptionAlgorithm(), X9ObjectIdentifiers.ecdsa_with_SHA256)) {
      throw new RefusedException(
          Refusal.ALGORITHM,
          "signed with "
              + signer.getDigestEncryptionAlgorithm().getAlgorithm()
              + " over "
              + signer.getDigestAlgorithm().getAlgorithm()
              + ", expected ECDSA and SHA-256");
    }
  }

  private static boolean isPlain(AlgorithmIdentifier algorithm, ASN1ObjectIdentifier expected) {
    ASN1Encodable parameters = algorithm.getParameters();
    return expected.equals(algorithm.getAlgorithm())
        && (parameters == null || DERNull.INSTANCE.equals(parameters));
  }

  /// Empty only when the attack table switched the pins off and the message brings no key either.
  private Optional<PublicKey> key() throws RefusedException {
    if (signer.getSID().toASN1Primitive() instanceof ASN1TaggedObject tagged
        && tagged.hasContextTag(0)) { // subjectKeyIdentifier
      byte[] keyId = ASN1OctetString.getInstance(signer.getSID().getId()).getOctets();
      Optional<PublicKey> key = pinned.find(HexFormat.of().formatHex(keyId));
      if (key.isPresent()) return key;
    }
    if (skipped.contains(Refusal.FOREIGN_SIGNER)) return broughtKey();
    throw new RefusedException(Refusal.FOREIGN_SIGNER, "its signer is not one of ours");
  }

  private Optional<PublicKey> broughtKey() {
    return message.certificates().stream()
        .findFirst()
        .map(certificate -> {
          try {
            byte[] spki =
                Certificate.getInstance(certificate).getSubjectPublicKeyInfo().getEncoded();
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
          } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  /// The signed attributes, after they were seen to name this content; without them, where the
  /// attack table allows it, the content itself.
  private byte[] signedBytes() throws RefusedException, IOException {
    ASN1Set attributes = signer.getAuthenticatedAttributes();
    if (attributes == null) {
      if (skipped.contains(Refusal.NO_SIGNED_ATTRIBUTES)) return message.content();
      throw new RefusedException(
          Refusal.NO_SIGNED_ATTRIBUTES, "no signed attributes, expected content type and digest");
    }
    var table = new AttributeTable(attributes);
    var type = ASN1ObjectIdentifier.getInstance(only(table, CMSAttributes.contentType));
    if (!type.getId().equals(message.contentType())) {
      throw new RefusedException(
          Refusal.WRONG_CONTENT_TYPE, "signed as " + type + ", sent as " + message.contentType());
    }
    byte[] digest =
        ASN1OctetString.getInstance(only(table, CMSAttributes.messageDigest)).getOctets();
    if (!Arrays.equals(digest, digestOfContent()) && !skipped.contains(Refusal.BAD_SIGNATURE))
      throw new RefusedException(Refusal.BAD_SIGNATURE, "the content is not what was signed");
    return attributes.getEncoded(ASN1Encoding.DER);
  }

  private static ASN1Encodable only(AttributeTable table, ASN1ObjectIdentifier type)
      throws RefusedException {
    ASN1EncodableVector found = table.getAll(type);
    if (found.size() != 1 || Attribute.getInstance(found.get(0)).getAttrValues().size() != 1) {
      throw new RefusedException(
          Refusal.NO_SIGNED_ATTRIBUTES, "signed attribute " + type + " is not there exactly once");
    }
    return Attribute.getInstance(found.get(0)).getAttrValues().getObjectAt(0);
  }

  private byte[] digestOfContent() {
    try {
      String name =
          OIWObjectIdentifiers.idSHA1.equals(signer.getDigestAlgorithm().getAlgorithm())
              ? "SHA-1" // only without the algorithm list
              : "SHA-256";
      return MessageDigest.getInstance(name).digest(message.content());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void verify(PublicKey key, byte[] signedBytes) throws RefusedException {
    if (skipped.contains(Refusal.BAD_SIGNATURE)) return;
    String name =
        X9ObjectIdentifiers.ecdsa_with_SHA1.equals(
                signer.getDigestEncryptionAlgorithm().getAlgorithm())
            ? "SHA1withECDSA" // only without the algorithm list
            : "SHA256withECDSA";
    boolean good;
    try {
      var signature = Signature.getInstance(name);
      signature.initVerify(key);
      signature.update(signedBytes);
      good = signature.verify(signer.getEncryptedDigest().getOctets());
    } catch (GeneralSecurityException _) {
      good = false; // no signature at all
    }
    if (!good)
      throw new RefusedException(Refusal.BAD_SIGNATURE, "the signature is not its signer's");
  }
}
