package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Whether a certificate names an address of this machine: what listens there may be a way to
/// another machine.
final class LoopbackCertificate {

  private static final int IP_ADDRESS = 7; // RFC 5280 4.2.1.6

  private LoopbackCertificate() {}

  /// @param address in its text form
  static void verify(String address, SSLSession session) throws LDAPException {
    try {
      var certificate = (X509Certificate) session.getPeerCertificates()[0];
      Collection<List<?>> names =
          Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
      InetAddress wanted = InetAddress.getByName(address);
      for (List<?> name : names)
        if (name.get(0).equals(IP_ADDRESS)
            && InetAddress.getByName((String) name.get(1)).equals(wanted)) return;
      throw new LDAPException(
          ResultCode.CONNECT_ERROR,
          "the certificate is for subject='%s' names=%s, expected '%s'"
              .formatted(
                  certificate.getSubjectX500Principal(),
                  names.stream().map(name -> name.get(1)).toList(),
                  address));
    } catch (SSLPeerUnverifiedException | CertificateParsingException | UnknownHostException e) {
      throw new LDAPException(
          ResultCode.CONNECT_ERROR, "the certificate cannot be checked: " + e.getMessage(), e);
    }
  }
}
