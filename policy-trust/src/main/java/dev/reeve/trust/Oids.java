package dev.reeve.trust;

/// Our own object identifiers, under the UUID-based arc (ITU-T X.667) that ldap-schema uses too.
final class Oids {

  private static final String ARC = "2.25.271579545904636423593917569405749914262";

  /// CMS eContentType of a manifest: no other signed message of ours can be taken for one.
  static final String MANIFEST = ARC + ".3.1";

  /// CMS eContentType of a signer's handover to the next.
  static final String HANDOVER = ARC + ".3.2";

  /// Extended key usage of a policy signer.
  static final String POLICY_SIGNING = ARC + ".4.1";

  static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /// RFC 4945 §5.1.3.12.
  static final String IPSEC_IKE = "1.3.6.1.5.5.7.3.17";

  private Oids() {}
}
