package dev.reeve.server.directory.ldap;

import dev.reeve.model.gp.Dn;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which directory is read, and how.
///
/// @param addresses in the order they are tried, never empty
/// @param baseDn the domain
/// @param caFile certificates that may have issued the server's; empty = those the JDK trusts
/// @param serverName what the server's certificate must say; empty = the host of the address
/// @param startTls TLS on the ldap:// port
/// @param feed empty = what the root DSE offers
/// @param sites whether Active Directory's sites, which its whole forest shares, are read too
public record LdapConfig(
    List<LdapAddress> addresses,
    Dn baseDn,
    Credentials credentials,
    Optional<Path> caFile,
    Optional<String> serverName,
    boolean startTls,
    Optional<FeedKind> feed,
    Timing timing,
    boolean sites) {

  /// @param poll how often a feed without notifications asks
  /// @param compare how often such a feed compares all entries
  /// @param patrol how often it is checked that our rights are what they were
  /// @param full how often everything is read afresh, whatever the feed says
  /// @param answer how long one answer may take
  public record Timing(
      Duration poll, Duration compare, Duration patrol, Duration full, Duration answer) {
    public static final Timing DEFAULTS =
        new Timing(
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            Duration.ofSeconds(60));
  }

  /// The first domain, or the only one.
  public LdapConfig(
      List<LdapAddress> addresses,
      Dn baseDn,
      Credentials credentials,
      Optional<Path> caFile,
      Optional<String> serverName,
      boolean startTls,
      Optional<FeedKind> feed,
      Timing timing) {
    this(addresses, baseDn, credentials, caFile, serverName, startTls, feed, timing, true);
  }

  public LdapConfig {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) throw new IllegalArgumentException("a directory needs an address");
    for (LdapAddress address : addresses) {
      if (startTls && address.tls())
        throw new IllegalArgumentException(
            address + " is TLS from the first byte on: StartTLS is for ldap://");
      if (credentials instanceof Credentials.Password
          && !address.tls()
          && !startTls
          && !isLoopback(address.host())) {
        throw new IllegalArgumentException(
            address + " would carry the password in clear: use ldaps:// or StartTLS");
      }
    }
  }

  public LdapConfig withoutSites() {
    return new LdapConfig(
        addresses, baseDn, credentials, caFile, serverName, startTls, feed, timing, false);
  }

  static boolean isLoopback(String host) {
    try {
      return (host.equals("localhost") || host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"))
          && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /// For people: the account.
  String account() {
    return switch (credentials) {
      case Credentials.Password(var name, _) -> name;
      case Credentials.Kerberos(var principal, _, _) -> principal;
    };
  }
}
