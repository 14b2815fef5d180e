package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.GSSAPIBindRequest;
import com.unboundid.ldap.sdk.GSSAPIBindRequestProperties;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SASLQualityOfProtection;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLSocketVerifier;
import com.unboundid.util.ssl.SSLUtil;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/// Opens connections: the first server that answers, TLS as configured, logged in. The server that
/// answered last is asked first the next time.
final class Dialer {

  private static final int CONNECT_MILLIS = 5000;
  private static final int MAX_MESSAGE = 64 << 20; // a group of 100,000 members is one message

  private final LdapConfig config;
  private final SrvRecords records;
  private final Map<LdapAddress, List<LdapAddress>> named = new HashMap<>(); // by SRV records
  private Optional<LdapAddress> last = Optional.empty();

  Dialer(LdapConfig config) {
    this(config, SrvRecords.OF_THIS_MACHINE);
  }

  Dialer(LdapConfig config, SrvRecords records) {
    this.config = config;
    this.records = records;
  }

  /// A connection as the server's own account.
  Session open() throws FeedException {
    var failures = new ArrayList<FeedException>();
    for (LdapAddress address : inOrder()) {
      try {
        LDAPConnection connection = open(address);
        last(address);
        return new Session(this, address, connection);
      } catch (FeedException e) {
        failures.add(e);
      }
    }
    FeedException first = failures.getFirst();
    for (FeedException e : failures) if (e.kind() == Kind.LOGIN) first = e; // they are up
    if (failures.size() == 1) throw first;
    String all = String.join("; ", failures.stream().map(FeedException::text).toList());
    throw new FeedException(first.kind(), all, first);
  }

  private synchronized void last(LdapAddress address) {
    last = Optional.of(address);
  }

  private synchronized List<LdapAddress> inOrder() throws FeedException {
    var all = new LinkedHashSet<LdapAddress>();
    last.ifPresent(all::add);
    Optional<FeedException> failure = Optional.empty();
    for (LdapAddress address : config.addresses()) {
      try {
        all.addAll(address.srv() ? servers(address) : List.of(address));
      } catch (FeedException e) {
        failure = Optional.of(e);
      }
    }
    if (all.isEmpty() && failure.isPresent()) throw failure.get();
    return List.copyOf(all);
  }

  /// DNS is often lost together with the server that is sought: then its last answer counts.
  private List<LdapAddress> servers(LdapAddress domain) throws FeedException {
    try {
      List<LdapAddress> servers = records.of(domain);
      named.put(domain, servers);
      return servers;
    } catch (FeedException e) {
      List<LdapAddress> known = named.get(domain);
      if (known == null) throw e;
      return known;
    }
  }

  /// Another connection to one server.
  LDAPConnection open(LdapAddress address) throws FeedException {
    LDAPConnection connection = connect(address, config.startTls());
    try {
      connection.bind(bindRequest(address));
      return connection;
    } catch (LDAPException e) {
      connection.close();
      throw refused(address, e);
    }
  }

  /// A connection on which nobody is logged in yet, for a person's password: never in clear.
  LDAPConnection openForLogin() throws FeedException {
    FeedException failure = new FeedException(Kind.DOWN, "no directory server");
    for (LdapAddress address : inOrder()) {
      try {
        return connect(
            address,
            !address.tls() && (config.startTls() || !LdapConfig.isLoopback(address.host())));
      } catch (FeedException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private LDAPConnection connect(LdapAddress address, boolean startTls) throws FeedException {
    var options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(CONNECT_MILLIS);
    options.setResponseTimeoutMillis(config.timing().answer().toMillis());
    options.setUseKeepAlive(true);
    options.setFollowReferrals(false);
    options.setMaxMessageSize(MAX_MESSAGE);
    options.setSSLSocketVerifier(nameVerifier());
    try {
      if (address.tls()) {
        return new LDAPConnection(
            tls().createSSLSocketFactory(), options, address.host(), address.port());
      }
      var connection = new LDAPConnection(options, address.host(), address.port());
      if (startTls) startTls(address, connection);
      return connection;
    } catch (LDAPException e) {
      throw new FeedException(Kind.DOWN, address + ": " + said(e), e);
    } catch (GeneralSecurityException e) {
      throw new FeedException(Kind.CONFIGURATION, address + ": TLS: " + e.getMessage(), e);
    }
  }

  private void startTls(LdapAddress address, LDAPConnection connection)
      throws LDAPException, FeedException, GeneralSecurityException {
    try {
      var answer =
          connection.processExtendedOperation(
              new StartTLSExtendedRequest(tls().createSSLSocketFactory()));
      if (answer.getResultCode() == ResultCode.SUCCESS) return;
      throw new FeedException(
          Kind.CONFIGURATION, address + " refuses StartTLS: " + answer.getDiagnosticMessage());
    } catch (LDAPException | FeedException | GeneralSecurityException e) {
      connection.close();
      throw e;
    }
  }

  private SSLUtil tls() throws FeedException {
    if (config.caFile().isEmpty()) return new SSLUtil();
    Path file = config.caFile().get();
    try {
      return new SSLUtil(new PEMFileTrustManager(file.toFile()));
    } catch (KeyStoreException e) {
      throw new FeedException(
          Kind.CONFIGURATION, "CA file " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /// The certificate must name the configured server, or the host that was dialled.
  private SSLSocketVerifier nameVerifier() {
    var strict = new HostNameSSLSocketVerifier(true);
    return new SSLSocketVerifier() {
      @Override
      public void verifySSLSocket(String host, int port, SSLSocket socket) throws LDAPException {
        String wanted = config.serverName().orElse(host);
        strict.verifySSLSocket(wanted, port, socket);
        // For the SDK every certificate is good for an address of this machine.
        if (LdapConfig.isLoopback(wanted) && !wanted.equals("localhost"))
          LoopbackCertificate.verify(wanted, socket.getSession());
      }
    };
  }

  private BindRequest bindRequest(LdapAddress address) throws FeedException {
    return switch (config.credentials()) {
      case Credentials.Password(var name, var file) -> new SimpleBindRequest(name, password(file));
      case Credentials.Kerberos kerberos -> gssapi(kerberos, address);
    };
  }

  private static String password(Path file) throws FeedException {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
      if (text.isEmpty()) throw new IOException("it is empty");
      return text;
    } catch (IOException e) {
      throw new FeedException(
          Kind.CONFIGURATION, "password file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Samba refuses GSSAPI inside TLS, and without TLS anything that is not sealed.
  private GSSAPIBindRequest gssapi(Credentials.Kerberos kerberos, LdapAddress address)
      throws FeedException {
    try {
      var properties = new GSSAPIBindRequestProperties(kerberos.principal(), (String) null);
      properties.setUseKeyTab(true);
      properties.setKeyTabPath(kerberos.keytab().toString());
      properties.setUseTicketCache(false);
      properties.setServicePrincipalProtocol("ldap");
      properties.setSASLClientServerName(config.serverName().orElse(address.host()));
      if (kerberos.kdc().isPresent()) {
        properties.setRealm(kerberos.realm());
        properties.setKDCAddress(kerberos.kdc().get());
      }
      boolean sealed = address.tls() || config.startTls();
      properties.setAllowedQoP(
          sealed ? SASLQualityOfProtection.AUTH : SASLQualityOfProtection.AUTH_CONF);
      return new GSSAPIBindRequest(properties);
    } catch (LDAPException e) {
      throw new FeedException(Kind.CONFIGURATION, "Kerberos: " + said(e), e);
    }
  }

  private FeedException refused(LdapAddress address, LDAPException e) {
    if (!isAboutUs(e.getResultCode()))
      return new FeedException(Kind.DOWN, address + ": " + said(e), e);
    return new FeedException(Kind.LOGIN, Advice.login(address, config, said(e)), e);
  }

  private static boolean isAboutUs(ResultCode code) {
    return code == ResultCode.INVALID_CREDENTIALS
        || code == ResultCode.INSUFFICIENT_ACCESS_RIGHTS
        || code == ResultCode.INAPPROPRIATE_AUTHENTICATION
        || code == ResultCode.UNWILLING_TO_PERFORM
        || code == ResultCode.CONSTRAINT_VIOLATION // too many failures
        || code == ResultCode.CONFIDENTIALITY_REQUIRED
        || code == ResultCode.STRONG_AUTH_REQUIRED
        || code == ResultCode.AUTH_METHOD_NOT_SUPPORTED
        || code == ResultCode.LOCAL_ERROR; // Kerberos
  }

  static String said(LDAPException e) {
    String text = Optional.ofNullable(e.getDiagnosticMessage()).orElseGet(e::getMessage);
    return text + " (" + e.getResultCode() + ")";
  }
}
