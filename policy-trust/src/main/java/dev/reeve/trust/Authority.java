package dev.reeve.trust;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.net.IpAddress;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;

/// A root and three issuers, each limited to one purpose: hosts, servers, policy signers. Whoever
/// steals an issuer's key cannot certify for another purpose.
///
/// On disk: `root.pem`, `root.crl`, and for each issuer `<purpose>.pem` and `<purpose>.key`.
/// `root.key` is needed only to certify issuers, and every few years to say that they are good; it
/// belongs in a safe: everything else works without it.
public final class Authority {

  /// The default life of a host's certificate; it is renewed when a third of it is over.
  public static final Duration HOST_VALIDITY = Duration.ofDays(90);

  private static final Duration ROOT_VALIDITY = Duration.ofDays(20 * 365);
  private static final Duration ISSUER_VALIDITY = Duration.ofDays(10 * 365);
  private static final String ROOT = "root";

  private final X509Certificate root;
  private final Optional<CheckedCrl> rootCrl;
  private final Map<Purpose, Identity> issuers;
  private final CertificateMaker maker;

  private Authority(
      X509Certificate root,
      Optional<CheckedCrl> rootCrl,
      Map<Purpose, Identity> issuers,
      CertificateMaker maker) {
    this.root = root;
    this.rootCrl = rootCrl;
    this.issuers = issuers;
    this.maker = maker;
  }

  /// The authority in the directory; a new one when there is none.
  public static Authority openOrCreate(Path directory, Instant now, SecureRandom random)
      throws IOException {
    if (!Files.exists(directory.resolve(ROOT + ".pem"))) create(directory, now, random);
    return open(directory, now, random);
  }

  /// Makes the root's CRL where there is none, or one with less than half of its time left, and the
  /// root's key is there.
  ///
  /// @throws IOException naming the file that is missing or wrong
  public static Authority open(Path directory, Instant now, SecureRandom random)
      throws IOException {
    X509Certificate root = Pem.readCertificates(directory.resolve(ROOT + ".pem")).getFirst();
    var issuers = new EnumMap<Purpose, Identity>(Purpose.class);
    for (Purpose purpose : Purpose.values()) {
      Identity issuer = Identity.read(directory, purpose.file());
      try {
        var unused = PinnedIssuer.of(issuer.certificate(), root, purpose, now);
      } catch (CertificateException e) {
        throw new IOException(
            directory.resolve(purpose.file() + ".pem") + ": " + e.getMessage(), e);
      }
      issuers.put(purpose, issuer);
    }
    var maker = new CertificateMaker(random);
    Optional<Identity> rootKey =
        Files.exists(directory.resolve(ROOT + ".key"))
            ? Optional.of(Identity.read(directory, ROOT))
            : Optional.empty();
    return new Authority(root, RootCrl.open(directory, root, rootKey, maker, now), issuers, maker);
  }

  private static void create(Path directory, Instant now, SecureRandom random) throws IOException {
    DurableFiles.createDirectory(directory, Access.PRIVATE);
    var maker = new CertificateMaker(random);
    KeyPair keys = EcKeys.generate();
    var root =
        new Identity(
            keys.getPrivate(),
            List.of(maker.root(keys.getPublic(), keys.getPrivate(), now, ROOT_VALIDITY)));
    Pem.writeKey(directory.resolve(ROOT + ".key"), root.key());
    for (Purpose purpose : Purpose.values()) certify(purpose, directory, root, maker, now);
    RootCrl.write(directory, root, maker, now);
    // Last, because it says that the rest is there.
    Pem.writeCertificates(directory.resolve(ROOT + ".pem"), root.chain());
  }

  /// A new issuer in place of the one in the directory; needs `root.key` beside it.
  ///
  /// @throws IOException also when the root key is not there
  public static void replaceIssuer(
      Path directory, Purpose purpose, Instant now, SecureRandom random) throws IOException {
    if (!Files.exists(directory.resolve(ROOT + ".key"))) {
      throw new IOException(
          directory.resolve(ROOT + ".key")
              + " is not there: bring the root key back to certify an issuer, then take it away again");
    }
    certify(purpose, directory, Identity.read(directory, ROOT), new CertificateMaker(random), now);
  }

  private static void certify(
      Purpose purpose, Path directory, Identity root, CertificateMaker maker, Instant now)
      throws IOException {
    KeyPair keys = EcKeys.generate();
    X509Certificate issuer = maker.issuer(purpose, keys.getPublic(), root, now, ISSUER_VALIDITY);
    new Identity(keys.getPrivate(), List.of(issuer)).write(directory, purpose.file());
  }

  public X509Certificate root() {
    return root;
  }

  /// Empty on a machine that has had no root key since there are such lists.
  public Optional<CheckedCrl> rootCrl() {
    return rootCrl;
  }

  /// What a join string pins.
  public Digest pin() {
    return EcKeys.digest(root.getPublicKey());
  }

  public X509Certificate issuer(Purpose purpose) {
    return signer(purpose).certificate();
  }

  private Identity signer(Purpose purpose) {
    Identity issuer = issuers.get(purpose);
    if (issuer == null) throw new IllegalStateException("no issuer for " + purpose);
    return issuer;
  }

  /// A host's certificate with its issuer, leaf first. The request gives the key, nothing else.
  public List<X509Certificate> issueHost(Csr csr, HostId host, Instant now, Duration validity) {
    Identity issuer = signer(Purpose.HOST);
    var uri = new GeneralName(GeneralName.uniformResourceIdentifier, host.toUri());
    return List.of(
        maker.leaf(
            Purpose.HOST,
            CertificateMaker.subject(Purpose.HOST, "host " + host),
            List.of(uri),
            csr.key(),
            issuer,
            now,
            validity),
        issuer.certificate());
  }

  /// The CRL of the host issuer, in DER.
  ///
  /// @param number rises with every list
  public byte[] issueCrl(
      List<RevokedCertificate> revoked, long number, Instant now, Duration validity) {
    return maker.crl(signer(Purpose.HOST), revoked, number, now, validity);
  }

  /// A server's key and certificate. The chain ends with the root, because a joining host knows of
  /// it only a digest.
  ///
  /// @param names DNS names or address literals, at least one
  public Identity issueServer(List<String> names, Instant now, Duration validity) {
    if (names.isEmpty()) throw new IllegalArgumentException("a server needs a name");
    KeyPair keys = EcKeys.generate();
    Identity issuer = signer(Purpose.SERVER);
    X509Certificate leaf =
        maker.leaf(
            Purpose.SERVER,
            CertificateMaker.subject(Purpose.SERVER, "policy server"),
            names.stream().map(Authority::serverName).toList(),
            keys.getPublic(),
            issuer,
            now,
            validity);
    return new Identity(keys.getPrivate(), List.of(leaf, issuer.certificate(), root));
  }

  private static GeneralName serverName(String name) {
    return IpAddress.find(name)
        .map(address -> new GeneralName(GeneralName.iPAddress, address.toString()))
        .orElseGet(() -> new GeneralName(GeneralName.dNSName, name));
  }

  /// A policy signer's key and certificate, with its issuer.
  public Identity issueSigner(String name, Instant now, Duration validity) {
    KeyPair keys = EcKeys.generate();
    Identity issuer = signer(Purpose.SIGNER);
    X509Certificate leaf =
        maker.leaf(
            Purpose.SIGNER,
            CertificateMaker.subject(Purpose.SIGNER, "signer " + name),
            List.of(),
            keys.getPublic(),
            issuer,
            now,
            validity);
    return new Identity(keys.getPrivate(), List.of(leaf, issuer.certificate()));
  }
}
