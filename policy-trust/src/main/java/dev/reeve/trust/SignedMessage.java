package dev.reeve.trust;

import dev.reeve.model.bundle.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;

/// CMS SignedData taken apart; nothing in it is verified.
///
/// @param contentType eContentType, dotted
/// @param digestAlgorithms announced for all signers
/// @param certificates those brought along, not even parsed: only the attack table looks at them
record SignedMessage(
    String contentType,
    List<ASN1Encodable> digestAlgorithms,
    byte[] content,
    List<SignerInfo> signers,
    List<ASN1Encodable> certificates) {

  /// @param strict whether the bytes must be the DER encoding and nothing more
  static SignedMessage parse(byte[] bytes, boolean strict) throws RefusedException {
    try {
      ASN1Primitive parsed = strict ? readDer(bytes) : readAny(bytes);
      var data = SignedData.getInstance(signedData(ContentInfo.getInstance(parsed)));
      SignedMessage message = of(data);
      if (strict && !Arrays.equals(message.rebuilt(data), bytes))
        throw new RefusedException(Refusal.NOT_SIGNED_DATA, "not in the form of SignedData");
      return message;
    } catch (IOException | RuntimeException e) { // the parser throws many kinds; all mean the same
      throw new RefusedException(Refusal.NOT_SIGNED_DATA, String.valueOf(e.getMessage()));
    }
  }

  /// One encoding for one message: nobody can make bytes that differ and say the same.
  private static ASN1Primitive readDer(byte[] bytes) throws IOException, RefusedException {
    ASN1Primitive parsed = ASN1Primitive.fromByteArray(bytes);
    if (parsed == null || !Arrays.equals(parsed.getEncoded(ASN1Encoding.DER), bytes))
      throw new RefusedException(Refusal.NOT_SIGNED_DATA, "not in DER");
    return parsed;
  }

  /// From the parts that were read: the library overlooks wrong tags, which this brings to light.
  private byte[] rebuilt(SignedData data) throws IOException {
    return new ContentInfo(
            CMSObjectIdentifiers.signedData,
            new SignedData(
                data.getDigestAlgorithms(),
                data.getEncapContentInfo(),
                data.getCertificates(),
                data.getCRLs(),
                new DERSet(signers.toArray(ASN1Encodable[]::new))))
        .getEncoded(ASN1Encoding.DER);
  }

  private static ASN1Primitive readAny(byte[] bytes) throws IOException {
    try (var in = new ASN1InputStream(bytes)) {
      return in.readObject();
    }
  }

  private static ASN1Encodable signedData(ContentInfo info) throws RefusedException {
    if (!CMSObjectIdentifiers.signedData.equals(info.getContentType())) {
      throw new RefusedException(
          Refusal.NOT_SIGNED_DATA, "CMS content of type " + info.getContentType());
    }
    return info.getContent();
  }

  private static SignedMessage of(SignedData data) throws RefusedException {
    if (!data.getVersion().hasValue(3)) // RFC 5652 §5.1: content of a type of its own
    throw new RefusedException(Refusal.NOT_SIGNED_DATA, "SignedData version " + data.getVersion());
    var signers = new ArrayList<SignerInfo>();
    for (ASN1Encodable signer : data.getSignerInfos()) signers.add(SignerInfo.getInstance(signer));
    ContentInfo content = data.getEncapContentInfo();
    return new SignedMessage(
        content.getContentType().getId(),
        List.of(data.getDigestAlgorithms().toArray()),
        ASN1OctetString.getInstance(content.getContent()).getOctets(),
        signers,
        data.getCertificates() == null ? List.of() : List.of(data.getCertificates().toArray()));
  }
}
