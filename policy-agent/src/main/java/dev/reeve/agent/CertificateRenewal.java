package dev.reeve.agent;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.model.bundle.Handovers;
import dev.reeve.trust.Csr;
import dev.reeve.trust.HostCertificate;
import dev.reeve.trust.Pem;
import dev.reeve.trust.SignerHandover;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Renews the host's certificate once a third of its life is over. The key stays: a certificate can
/// then never be on the disk without it.
final class CertificateRenewal implements Poller.Renewal {

  private static final System.Logger LOG = System.getLogger("identity");
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private final StateDirectory directory;
  private final Consumer<Membership> renewed;
  private Membership membership;
  private HostCertificate certificate;
  private Instant next = Instant.MIN;
  private String failure = "";

  /// @param renewed called with each new certificate, once it is on the disk
  CertificateRenewal(
      StateDirectory directory, Membership membership, Consumer<Membership> renewed) {
    this.directory = directory;
    this.membership = membership;
    this.renewed = renewed;
    this.certificate = certificateOf(membership.certificate());
  }

  private static HostCertificate certificateOf(String pem) {
    return HostCertificate.find(Pem.parseCertificates(pem).getFirst())
        .orElseThrow(() -> new IllegalArgumentException("not a host's certificate"));
  }

  @Override
  public List<String> attend(PolicyClient client, Instant now) {
    boolean due = !now.isBefore(certificate.renewAt());
    if (due && !now.isBefore(next)) {
      next = now.plus(PAUSE);
      try {
        take(client.renew(Csr.create(directory.keyPair(membership.keyFile()))));
        failure = "";
        client.close(); // the next question goes out with the new one
        learnSigners(client);
      } catch (IOException | IllegalArgumentException e) {
        failure =
            "the certificate, good until %s, could not be renewed: %s"
                .formatted(certificate.until(), e.getMessage());
        LOG.log(WARNING, failure);
      }
    }
    return failure.isEmpty() ? List.of() : List.of(failure);
  }

  /// Asks how signers handed over, and follows from those that it trusts. Once another list is on
  /// the disk, the agent is built anew with it.
  @Override
  public void learnSigners(PolicyClient client) throws IOException {
    try {
      String next =
          SignerHandover.follow(
              Handovers.parse(client.signers()).signed(),
              membership.signers(),
              Pem.parseCertificate(membership.root()));
      if (next.equals(membership.signers())) return;
      Membership after = membership.withSigners(next);
      directory.write(after);
      membership = after;
      LOG.log(INFO, "the policy signer handed over to another one");
    } catch (PolicyClient.RefusedByServerException e) {
      if (e.status() != 404) throw e; // a server of before
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IOException("the handover of the policy signer: " + e.getMessage(), e);
    }
  }

  /// Made when it is first asked for.
  @Override
  public Optional<PublicKey> encryptionKey() {
    try {
      return Optional.of(directory.encryptionKey(membership.host()).getPublic());
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(WARNING, "no secrets can be sealed to this host: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private void take(String pem) throws IOException {
    X509Certificate leaf = Pem.parseCertificates(pem).getFirst();
    HostCertificate fresh = certificateOf(pem);
    KeyPair keys = directory.keyPair(membership.keyFile());
    if (!fresh.host().equals(membership.host()) || !leaf.getPublicKey().equals(keys.getPublic())) {
      throw new IllegalArgumentException("the new certificate is not for this host and its key");
    }
    Membership after = membership.withCertificate(pem);
    directory.write(after);
    membership = after;
    certificate = fresh;
    renewed.accept(after);
    LOG.log(INFO, "certificate renewed, good until {0}", fresh.until());
  }
}
