package dev.reeve.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.BEROctetString;
import org.bouncycastle.asn1.BERSet;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// Builds signed messages piece by piece, right unless told otherwise: what an attacker can do.
final class Forge {

  private byte[] content = new byte[0];
  private ASN1ObjectIdentifier type = new ASN1ObjectIdentifier(Oids.MANIFEST);
  private boolean attributes = true;
  private boolean sha1 = false;
  private byte[] keyId = new byte[0];
  private final List<Identity> signers = new ArrayList<>();
  private final List<Identity> brought = new ArrayList<>();

  static Forge content(byte[] content) {
    var forge = new Forge();
    forge.content = content;
    return forge;
  }

  static Forge content(String content) {
    return content(content.getBytes(StandardCharsets.UTF_8));
  }

  Forge type(String oid) {
    type = new ASN1ObjectIdentifier(oid);
    return this;
  }

  Forge withoutAttributes() {
    attributes = false;
    return this;
  }

  Forge sha1() {
    sha1 = true;
    return this;
  }

  Forge signedBy(Identity signer) {
    signers.add(signer);
    return this;
  }

  Forge claiming(Identity other) {
    keyId = CertificateMaker.keyId(other.certificate().getPublicKey());
    return this;
  }

  Forge bringing(Identity identity) {
    brought.add(identity);
    return this;
  }

  byte[] der() {
    return encoded(message(new DEROctetString(content)), ASN1Encoding.DER);
  }

  byte[] ber() {
    return encoded(message(new BEROctetString(content)), ASN1Encoding.BER);
  }

  private static byte[] encoded(ContentInfo message, String encoding) {
    try {
      return message.getEncoded(encoding);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ContentInfo message(ASN1Encodable octets) {
    try {
      var infos = new ASN1EncodableVector();
      for (Identity signer : signers) infos.add(signerInfo(signer));
      var certificates = new ASN1EncodableVector();
      for (Identity one : brought)
        certificates.add(Certificate.getInstance(one.certificate().getEncoded()));
      ASN1Set digests =
          signers.isEmpty() ? new DERSet() : new DERSet(new AlgorithmIdentifier(digestOid()));
      return new ContentInfo(
          CMSObjectIdentifiers.signedData,
          new SignedData(
              digests,
              new ContentInfo(type, octets),
              brought.isEmpty() ? null : new BERSet(certificates),
              null,
              new DERSet(infos)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ASN1ObjectIdentifier digestOid() {
    return sha1 ? OIWObjectIdentifiers.idSHA1 : NISTObjectIdentifiers.id_sha256;
  }

  private SignerInfo signerInfo(Identity signer) throws GeneralSecurityException, IOException {
    byte[] digest = MessageDigest.getInstance(sha1 ? "SHA-1" : "SHA-256").digest(content);
    var signed =
        new DERSet(
            new ASN1Encodable[] {
              new Attribute(CMSAttributes.contentType, new DERSet(type)),
              new Attribute(CMSAttributes.messageDigest, new DERSet(new DEROctetString(digest)))
            });
    byte[] bytes = attributes ? signed.getEncoded(ASN1Encoding.DER) : content;
    byte[] id =
        keyId.length > 0 ? keyId : CertificateMaker.keyId(signer.certificate().getPublicKey());
    return new SignerInfo(
        new SignerIdentifier(new DEROctetString(id)),
        new AlgorithmIdentifier(digestOid()),
        attributes ? signed : null,
        new AlgorithmIdentifier(
            sha1 ? X9ObjectIdentifiers.ecdsa_with_SHA1 : X9ObjectIdentifiers.ecdsa_with_SHA256),
        new DEROctetString(sign(signer.key(), bytes)),
        null);
  }

  private byte[] sign(PrivateKey key, byte[] bytes) throws GeneralSecurityException {
    var signature = Signature.getInstance(sha1 ? "SHA1withECDSA" : "SHA256withECDSA");
    signature.initSign(key);
    signature.update(bytes);
    return signature.sign();
  }
}
