package dev.reeve.agent;

import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// What this host proves itself with to peers: the certificate that it got when it joined. Peers
/// must have one of the same issuer; that of a server or of a signer is none.
final class IkeCredentials {

  private static final System.Logger LOG = System.getLogger("identity");

  private final StateDirectory directory;

  IkeCredentials(StateDirectory directory) {
    this.directory = directory;
  }

  /// Read anew each time: certificates are renewed.
  Negotiator.Credentials read() {
    return new Negotiator.Credentials(machine(), List.of(), _ -> Optional.empty());
  }

  private Optional<IkeIdentity> machine() {
    try {
      Optional<Membership> found = directory.findMembership();
      if (found.isEmpty()) return Optional.empty();
      Membership membership = found.get();
      List<X509Certificate> chain = Pem.parseCertificates(membership.certificate());
      if (chain.size() < 2) return Optional.empty();
      return Optional.of(
          new IkeIdentity(
              chain,
              new IkeSecret(directory.key(membership).getEncoded()),
              chain.get(1),
              List.of(Pem.parseCertificate(membership.root()))));
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(WARNING, "the certificate of this host cannot be used: {0}", e.getMessage());
      return Optional.empty();
    }
  }
}
