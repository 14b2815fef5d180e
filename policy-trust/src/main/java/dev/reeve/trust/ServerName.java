package dev.reeve.trust;

import dev.reeve.model.net.IpAddress;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The names in a server's certificate. Only subject alternative names count, and only whole ones:
/// no wildcards.
final class ServerName {

  private static final int DNS = 2; // RFC 5280 GeneralName
  private static final int ADDRESS = 7;

  private ServerName() {}

  static void require(X509Certificate server, String expected) throws CertificateException {
    List<String> names = names(server);
    var address = IpAddress.find(expected);
    for (String name : names) {
      boolean same =
          address.isPresent()
              ? IpAddress.find(name).equals(address)
              : name.equalsIgnoreCase(expected);
      if (same) return;
    }
    throw new CertificateException(
        "the server's certificate is for " + names + ", expected " + expected);
  }

  private static List<String> names(X509Certificate server) throws CertificateParsingException {
    var names = new ArrayList<String>();
    Collection<List<?>> all = server.getSubjectAlternativeNames();
    if (all == null) return names;
    for (List<?> name : all) {
      if (name.getFirst().equals(DNS) || name.getFirst().equals(ADDRESS))
        names.add(String.valueOf(name.get(1)));
    }
    return names;
  }
}
