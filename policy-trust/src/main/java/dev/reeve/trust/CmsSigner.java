package dev.reeve.trust;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// Signs manifests: CMS SignedData (RFC 5652) in DER, content attached and of our own type, one
/// signer named by key id, signed attributes, ECDSA on P-256 with SHA-256, no certificates inside.
///
/// Anyone can check one with the certificates a host got when it joined:
///
/// ```
/// cat root.pem signers.pem > ca.pem
/// openssl cms -verify -binary -inform DER -in manifest.p7m -certfile signers.pem -nointern \
///     -CAfile ca.pem -purpose any -out manifest.json
/// ```
///
/// `ca.pem`, because OpenSSL looks for issuers nowhere else; a certificate in it counts only if it
/// leads to the root. `-purpose any`, because OpenSSL knows no purpose for signing policy and would
/// ask for e-mail protection. `-nointern`, because only the signers in the file count.
public final class CmsSigner {

  private final Identity signer;
  private final ASN1ObjectIdentifier type;

  public CmsSigner(Identity signer) {
    this(signer, Oids.MANIFEST);
  }

  /// @param type of content
  CmsSigner(Identity signer, String type) {
    this.signer = signer;
    this.type = new ASN1ObjectIdentifier(type);
  }

  public byte[] sign(byte[] content) {
    try {
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new SignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .setSignedAttributeGenerator(new Attributes(type))
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.key()),
                  CertificateMaker.keyId(signer.certificate().getPublicKey())));
      return generator
          .generate(new CMSProcessableByteArray(type, content), true)
          .getEncoded(ASN1Encoding.DER);
    } catch (CMSException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Content type and message digest. No signing time: the manifest has its own.
  private record Attributes(ASN1ObjectIdentifier type) implements CMSAttributeTableGenerator {
    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"}) // the library's signature
    public AttributeTable getAttributes(Map parameters) {
      var table = new Hashtable<ASN1ObjectIdentifier, Attribute>();
      table.put(
          CMSAttributes.contentType, new Attribute(CMSAttributes.contentType, new DERSet(type)));
      byte[] digest = (byte[]) parameters.get(CMSAttributeTableGenerator.DIGEST);
      table.put(
          CMSAttributes.messageDigest,
          new Attribute(CMSAttributes.messageDigest, new DERSet(new DEROctetString(digest))));
      return new AttributeTable(table);
    }
  }
}
