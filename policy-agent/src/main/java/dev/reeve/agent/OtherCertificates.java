package dev.reeve.agent;

import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.trust.KeyPairs;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Certificates that other CAs issued to this host, for rules that ask for one of them. An
/// administrator puts them into a directory: `NAME.pem` with the host's own first, then its issuer
/// and so on to the root; `NAME.key` with the private key, PKCS#8 in PEM.
///
/// What is wrong with one is logged when it is first seen, and it is left out.
final class OtherCertificates {

  private static final System.Logger LOG = System.getLogger("identity");

  private final Path directory;
  private List<String> told = List.of();

  OtherCertificates(Path directory) {
    this.directory = directory;
  }

  /// Read anew each time: they are renewed.
  synchronized List<IkeIdentity> read() {
    var found = new ArrayList<IkeIdentity>();
    var problems = new ArrayList<String>();
    for (Path file : files(problems)) {
      try {
        found.add(read(file));
      } catch (IOException | IllegalArgumentException e) {
        problems.add(file + " is not used: " + e.getMessage());
      }
    }
    if (!problems.equals(told)) problems.forEach(problem -> LOG.log(WARNING, problem));
    told = List.copyOf(problems);
    return found;
  }

  private List<Path> files(List<String> problems) {
    if (!Files.isDirectory(directory)) return List.of();
    var files = new TreeSet<Path>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.pem")) {
      all.forEach(files::add);
    } catch (IOException e) {
      problems.add(directory + " cannot be read: " + e.getMessage());
    }
    return List.copyOf(files);
  }

  private static IkeIdentity read(Path file) throws IOException {
    List<X509Certificate> chain = Pem.readCertificates(file);
    if (chain.size() < 2)
      throw new IllegalArgumentException("expected the host's certificate, then its issuer's");
    for (int i = 0; i < chain.size(); i++) {
      X509Certificate issuer = chain.get(Math.min(i + 1, chain.size() - 1));
      requireIssued(chain.get(i), issuer);
    }
    String name = file.getFileName().toString().replaceFirst("\\.pem$", ".key");
    byte[] key = Pem.readKeyBytes(file.resolveSibling(name));
    requirePair(chain.getFirst(), key, name);
    return new IkeIdentity(
        chain.subList(0, chain.size() - 1),
        new IkeSecret(key),
        chain.get(1),
        chain.subList(2, chain.size()));
  }

  /// charon takes that of another certificate without a word, and then cannot prove anything.
  private static void requirePair(X509Certificate certificate, byte[] key, String file) {
    PublicKey known = certificate.getPublicKey();
    PrivateKey secret;
    try {
      secret =
          KeyFactory.getInstance(known.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          file + " has no " + known.getAlgorithm() + " key as PKCS#8", e);
    }
    if (!KeyPairs.isPair(secret, known))
      throw new IllegalArgumentException(file + " has the key of another certificate");
  }

  /// The last one is its own issuer: charon trusts no chain that ends otherwise.
  private static void requireIssued(X509Certificate certificate, X509Certificate issuer) {
    String name = certificate.getSubjectX500Principal().getName();
    boolean itself = certificate.equals(issuer);
    try {
      if (certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
        certificate.verify(issuer.getPublicKey());
        return;
      }
    } catch (GeneralSecurityException _) {
      // said below
    }
    throw new IllegalArgumentException(
        itself
            ? "the last certificate, '" + name + "', is no root's"
            : "'"
                + name
                + "' is not issued by the next, '"
                + issuer.getSubjectX500Principal()
                + "'");
  }
}
