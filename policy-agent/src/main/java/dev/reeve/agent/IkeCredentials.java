package dev.reeve.agent;

import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.disk.Kept;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.trust.HostSeal;
import dev.reeve.trust.Pem;
import dev.reeve.trust.SecretBox;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What this host proves itself with to peers: the certificate that it got when it joined, those of
/// other CAs that its administrator put there, and the pre-shared keys of its policies. Peers must
/// have a certificate of the same issuer; that of a server or of a signer is none.
///
/// A pre-shared key is opened for the engine alone, each time that it is needed: one of the domain
/// was sealed to this host, one of its own stores was sealed here. The latter needs no membership.
final class IkeCredentials {

  private static final System.Logger LOG = System.getLogger("identity");

  private final StateDirectory directory;
  private final OtherCertificates others;
  private volatile Supplier<Kept> kept = () -> Kept.NOTHING;

  IkeCredentials(StateDirectory directory, OtherCertificates others) {
    this.directory = directory;
    this.others = others;
  }

  /// @param now the bundles in force: they hold the sealed keys
  void secretsOf(Supplier<Kept> now) {
    kept = now;
  }

  /// Read anew each time: certificates are renewed.
  Negotiator.Credentials read() {
    Optional<Membership> membership = membership();
    return new Negotiator.Credentials(
        membership.flatMap(this::machine),
        others.read(),
        inPolicy -> membership.flatMap(m -> open(m.host(), inPolicy)).or(() -> openOwn(inPolicy)),
        kept.get().revocations(),
        kept.get().peers());
  }

  private Optional<Membership> membership() {
    try {
      return directory.findMembership();
    } catch (IOException e) {
      LOG.log(WARNING, "the identity of this host cannot be read: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<IkeSecret> open(HostId host, SealedSecret inPolicy) {
    Optional<SealedSecret> sealed = kept.get().findSecret(inPolicy);
    if (sealed.isEmpty()) return Optional.empty();
    try {
      byte[] key =
          HostSeal.open(
              directory.encryptionKey(host).getPrivate(),
              host,
              HostSecrets.idOf(inPolicy),
              sealed.get().toBytes());
      try {
        return Optional.of(new IkeSecret(key));
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(WARNING, "a pre-shared key cannot be opened: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<IkeSecret> openOwn(SealedSecret inPolicy) {
    try {
      Optional<SecretBox> seal = directory.findStoreSeal();
      if (seal.isEmpty()) return Optional.empty();
      byte[] key = seal.get().open(inPolicy.toBytes());
      try {
        return Optional.of(new IkeSecret(key));
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    } catch (IOException e) {
      LOG.log(WARNING, "the key of this host's own stores cannot be read: {0}", e.getMessage());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // sealed to somebody else
    }
  }

  private Optional<IkeIdentity> machine(Membership membership) {
    try {
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
