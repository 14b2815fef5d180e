package dev.reeve.trust;

import dev.reeve.model.bundle.Digest;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;

/// The JDK's TLS, set up for each of our roles. Use [#parameters] with every socket or engine made
/// from these: a context alone still lets older protocols in.
public final class TlsContexts {

  private TlsContexts() {}

  /// TLS 1.3 and nothing else.
  public static SSLParameters parameters() {
    var parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    return parameters;
  }

  /// For a host that has joined.
  ///
  /// @param server name or address it dials, and so expects in the certificate
  public static SSLContext forAgent(
      Identity host, AgentTrust trust, String server, InstantSource clock) {
    return context(Optional.of(host), new ServerTrust(trust.serverIssuers(), server, clock));
  }

  /// For a host about to join: it has no certificate yet, and knows the root by its pin only.
  public static SSLContext forJoining(Digest pin, String server, InstantSource clock) {
    return context(Optional.empty(), new PinTrust(pin, server, clock));
  }

  /// For a server that asks nobody for a certificate.
  public static SSLContext forServer(Identity server) {
    return context(Optional.of(server), new Nobody());
  }

  /// For a server of hosts.
  public static SSLContext forServer(Identity server, HostTrust hosts) {
    return context(Optional.of(server), hosts);
  }

  private static SSLContext context(Optional<Identity> self, X509ExtendedTrustManager peers) {
    try {
      var context = SSLContext.getInstance("TLSv1.3");
      KeyManager[] keys = self.stream().map(OneIdentity::new).toArray(KeyManager[]::new);
      context.init(keys, new X509ExtendedTrustManager[] {peers}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Trusts no certificate.
  private static final class Nobody extends PeerTrust {
    @Override
    void check(java.security.cert.X509Certificate[] chain)
        throws java.security.cert.CertificateException {
      throw new java.security.cert.CertificateException("no certificate is wanted here");
    }
  }
}
