package dev.reeve.trust;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;

/// Takes a genuine message apart and puts its pieces together otherwise.
final class Splice {

  private Splice() {}

  static byte[] attributesAsContent(byte[] signed) {
    try {
      ContentInfo outer = ContentInfo.getInstance(signed);
      SignedData data = SignedData.getInstance(outer.getContent());
      SignerInfo signer = SignerInfo.getInstance(data.getSignerInfos().getObjectAt(0));
      byte[] attributes = signer.getAuthenticatedAttributes().getEncoded(ASN1Encoding.DER);
      var moved =
          new SignerInfo(
              signer.getSID(),
              signer.getDigestAlgorithm(),
              (ASN1Set) null,
              signer.getDigestEncryptionAlgorithm(),
              signer.getEncryptedDigest(),
              null);
      return new ContentInfo(
              outer.getContentType(),
              new SignedData(
                  data.getDigestAlgorithms(),
                  new ContentInfo(
                      new ASN1ObjectIdentifier(Oids.MANIFEST), new DEROctetString(attributes)),
                  null,
                  null,
                  new DERSet(moved)))
          .getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
