package dev.reeve.server.directory.ldap;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Where a directory server listens, or, with `srv`, the DNS domain whose SRV records say so.
///
/// @param tls TLS from the first byte on (LDAPS)
/// @param srv `host` is a DNS domain, and `port` counts only where SRV names none for TLS
public record LdapAddress(boolean tls, boolean srv, String host, int port) {

  private static final int LDAP = 389;
  private static final int LDAPS = 636;

  /// Reads `ldap://HOST[:PORT]`, `ldaps://HOST[:PORT]`, `srv+ldap://DOMAIN` or
  /// `srv+ldaps://DOMAIN`.
  ///
  /// @throws IllegalArgumentException naming the text
  public static LdapAddress parse(String text) {
    try {
      var uri = new URI(text.strip());
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean srv = scheme.startsWith("srv+");
      String plain = srv ? scheme.substring(4) : scheme;
      String host = uri.getHost();
      boolean known = plain.equals("ldap") || plain.equals("ldaps");
      String path = uri.getRawPath();
      boolean alone =
          (path == null || path.isEmpty() || path.equals("/")) && uri.getQuery() == null;
      if (!known || host == null || !alone || uri.getUserInfo() != null) throw wrong(text);
      boolean tls = plain.equals("ldaps");
      int port = uri.getPort() >= 0 ? uri.getPort() : tls ? LDAPS : LDAP;
      if (port == 0 || port > 65535) throw wrong(text);
      if (host.startsWith("[")) host = host.substring(1, host.length() - 1);
      return new LdapAddress(tls, srv, host, port);
    } catch (URISyntaxException e) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "found '"
            + text
            + "', expected ldaps://HOST[:PORT], ldap://HOST[:PORT] or srv+ldaps://DOMAIN");
  }

  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (srv ? "srv+" : "")
        + (tls ? "ldaps://" : "ldap://")
        + shown
        + (port == (tls ? LDAPS : LDAP) ? "" : ":" + port);
  }
}
