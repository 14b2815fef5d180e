package dev.reeve.server.directory.ldap;

import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.Dn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// As whom, and on which way, a test follows a directory.
///
/// @param password a file with that of its accounts
record LdapConfigs(NativeDirectory server, Path password) {

  private static final LdapConfig.Timing TIMING =
      new LdapConfig.Timing(
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofMillis(200),
          Duration.ofHours(1),
          Duration.ofSeconds(20));

  /// @param port of 127.0.0.1, where LDAPS is
  LdapConfig as(String account, int port) {
    return of(NativeDirectory.BASE, login(account), tls(port), Optional.empty());
  }

  LdapConfig by(FeedKind feed, int port) {
    return of(NativeDirectory.BASE, login(server.reader()), tls(port), Optional.of(feed));
  }

  /// The same, but one answer may not take longer.
  static LdapConfig hurried(LdapConfig config, Duration answer) {
    return new LdapConfig(
        config.addresses(),
        config.baseDn(),
        config.credentials(),
        config.caFile(),
        config.serverName(),
        config.startTls(),
        config.feed(),
        new LdapConfig.Timing(
            config.timing().poll(),
            config.timing().compare(),
            config.timing().patrol(),
            config.timing().full(),
            answer),
        config.sites());
  }

  LdapConfig second(int port) {
    return of(NativeDirectory.SECOND, login(server.reader()), tls(port), Optional.empty())
        .withoutSites();
  }

  /// @param port of 127.0.0.1, where LDAP is
  LdapConfig withStartTls(int port) {
    return of(
        NativeDirectory.BASE,
        login(server.reader()),
        "ldap://127.0.0.1:" + port,
        Optional.empty(),
        true,
        Optional.empty());
  }

  LdapConfig with(Credentials credentials, String url, String serverName) {
    return with(credentials, url, Optional.of(serverName));
  }

  /// @param serverName empty = the certificate must name the host of the address
  LdapConfig with(Credentials credentials, String url, Optional<String> serverName) {
    return of(NativeDirectory.BASE, credentials, url, serverName, false, Optional.empty());
  }

  private Credentials login(String account) {
    return new Credentials.Password(account, password);
  }

  private static String tls(int port) {
    return "ldaps://127.0.0.1:" + port;
  }

  private LdapConfig of(
      String baseDn, Credentials credentials, String url, Optional<FeedKind> feed) {
    return of(baseDn, credentials, url, Optional.empty(), false, feed);
  }

  private LdapConfig of(
      String baseDn,
      Credentials credentials,
      String url,
      Optional<String> serverName,
      boolean startTls,
      Optional<FeedKind> feed) {
    return new LdapConfig(
        List.of(LdapAddress.parse(url)),
        Dn.parse(baseDn),
        credentials,
        Optional.of(server.caFile()),
        serverName,
        startTls,
        feed,
        TIMING);
  }
}
