package dev.reeve.model.ipsec;

/// One way to prove who a peer is.
public sealed interface AuthMethod {

  /// On Linux: the machine certificate that Reeve's own CA issued, because IKEv2 has no Kerberos.
  enum Kerberos implements AuthMethod {
    KERBEROS
  }

  /// @param authority the issuing CA's distinguished name, as written in the policy
  /// @param accountMapping the certificate must belong to a computer of the directory
  /// @param excludeAuthorityName the CA's name is left out of certificate requests
  record Certificate(String authority, boolean accountMapping, boolean excludeAuthorityName)
      implements AuthMethod {
    public Certificate {
      if (authority.isBlank())
        throw new IllegalArgumentException("certificate authentication needs a CA name");
    }
  }

  record PreSharedKey(SealedSecret key) implements AuthMethod {}
}
