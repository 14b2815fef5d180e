package dev.reeve.server.wiring;

import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Handovers;
import dev.reeve.trust.Authority;
import dev.reeve.trust.CmsSignatureCheck;
import dev.reeve.trust.Identity;
import dev.reeve.trust.PinnedSigners;
import dev.reeve.trust.PolicySigners;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Keys: the authority, the policy signer, the server's own certificate.
@Configuration(proxyBeanMethods = false)
class TrustWiring {

  /// Made anew at every start.
  private static final Duration SERVER_VALIDITY = Duration.ofDays(2 * 365);

  @Bean
  Authority authority(ServerOptions options, Clock clock) throws IOException {
    return Authority.openOrCreate(directory(options), clock.instant(), new SecureRandom());
  }

  static Path directory(ServerOptions options) {
    return options.state().resolve("trust");
  }

  @Bean
  PolicySigner policySigner(Authority authority, ServerOptions options, Clock clock)
      throws IOException {
    PolicySigners signers =
        PolicySigners.openOrCreate(
            directory(options), authority, options.names().getFirst(), clock.instant());
    return new PolicySigner(signers.current(), new Handovers(signers.handovers()));
  }

  @Bean
  ServerIdentity serverIdentity(Authority authority, ServerOptions options, Clock clock) {
    return new ServerIdentity(
        authority.issueServer(options.names(), clock.instant(), SERVER_VALIDITY));
  }

  @Bean
  BundleGate bundleGate(Authority authority, PolicySigner signer) throws CertificateException {
    return new BundleGate(
        new CmsSignatureCheck(PinnedSigners.of(signer.identity().chain(), authority.root())));
  }

  /// For people and scripts, who also ask from the server's own machine. Hosts are served under the
  /// given names alone.
  @Bean
  PeoplesIdentity peoplesIdentity(Authority authority, ServerOptions options, Clock clock) {
    List<String> names =
        Stream.concat(options.names().stream(), Stream.of("localhost", "127.0.0.1", "::1"))
            .distinct()
            .toList();
    return new PeoplesIdentity(authority.issueServer(names, clock.instant(), SERVER_VALIDITY));
  }

  @Bean
  SslBundleRegistrar serverBundle(PeoplesIdentity people) {
    Identity identity = people.identity();
    String password = "in-memory";
    return bundles ->
        bundles.registerBundle(
            "server",
            SslBundle.of(
                SslStoreBundle.of(identity.toKeyStore(password.toCharArray()), password, null),
                SslBundleKey.of(password)));
  }

  /// Identities that must not be taken for each other.
  ///
  /// @param handovers how those before it handed over
  record PolicySigner(Identity identity, Handovers handovers) {}

  record ServerIdentity(Identity identity) {}

  record PeoplesIdentity(Identity identity) {}
}
