package dev.reeve.server.endpoint;

import dev.reeve.trust.HostTrust;
import dev.reeve.trust.Identity;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/// TLS 1.3 with BoringSSL where its library loads (four times fewer cycles a handshake), else with
/// the JDK's.
final class EndpointTls {

  private EndpointTls() {}

  /// A client certificate is asked for and not demanded: a host that joins has none yet.
  static SslContext context(Identity server, HostTrust hosts) {
    try {
      return SslContextBuilder.forServer(server.key(), server.chain())
          .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
          .trustManager(hosts)
          .clientAuth(ClientAuth.OPTIONAL)
          .protocols("TLSv1.3")
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
