package dev.reeve.trust;

import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The root's CRL, which says that the issuers under it are good: whoever insists on a CRL for each
/// certificate of a chain needs it. It holds as long as an issuer, because the key that signs it
/// belongs in a safe, and is made whenever that key is there and half of its time is over.
final class RootCrl {

  static final Duration VALIDITY = Duration.ofDays(10 * 365);

  private static final String FILE = "root.crl";
  private static final int MOST = 1 << 20;

  private RootCrl() {}

  /// @param key whether the root's key is at hand
  /// @return empty when there is none and none can be made
  /// @throws IOException naming the file when it is not the root's
  static Optional<CheckedCrl> open(
      Path directory,
      X509Certificate root,
      Optional<Identity> key,
      CertificateMaker maker,
      Instant now)
      throws IOException {
    Optional<CheckedCrl> found = read(directory.resolve(FILE), root);
    boolean fresh = found.filter(crl -> now.isBefore(renewAt(crl))).isPresent();
    if (fresh || key.isEmpty()) return found;
    write(directory, key.get(), maker, now);
    return read(directory.resolve(FILE), root);
  }

  private static Instant renewAt(CheckedCrl crl) {
    return crl.until().minus(VALIDITY.dividedBy(2));
  }

  /// Until the root's own end at most.
  static void write(Path directory, Identity root, CertificateMaker maker, Instant now)
      throws IOException {
    Duration left = Duration.between(now, root.certificate().getNotAfter().toInstant());
    byte[] der =
        maker.crl(
            root,
            List.of(),
            now.getEpochSecond(), // rises without a memory
            now,
            left.compareTo(VALIDITY) < 0 ? left : VALIDITY);
    DurableFiles.write(
        directory.resolve(FILE),
        Pem.block("X509 CRL", der).getBytes(StandardCharsets.US_ASCII),
        Access.PUBLIC);
  }

  private static Optional<CheckedCrl> read(Path file, X509Certificate root) throws IOException {
    if (!Files.exists(file)) return Optional.empty();
    try {
      return Optional.of(CheckedCrl.of(DurableFiles.read(file, MOST), root));
    } catch (CertificateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
