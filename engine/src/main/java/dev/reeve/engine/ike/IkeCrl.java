package dev.reeve.engine.ike;

import dev.reeve.model.bundle.Revocations;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/// A CRL that charon checks peers' certificates against. Two with the same digest are the same.
public final class IkeCrl {

  /// charon takes no longer value in a command.
  public static final int MOST_BYTES = Revocations.LONGEST_CRL;

  private final byte[] der;
  private final String digest;
  private final Optional<X509CRL> parsed;

  public IkeCrl(byte[] der) {
    this.der = der.clone();
    this.digest = digestOf(der);
    this.parsed = parse(der);
  }

  private static Optional<X509CRL> parse(byte[] der) {
    try {
      return Optional.of(
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der)));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // charon will say what is wrong with it
    }
  }

  private static String digestOf(byte[] der) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] der() {
    return der.clone();
  }

  public int bytes() {
    return der.length;
  }

  /// Whose certificates it is about; empty when it cannot be read.
  public Optional<X500Principal> authority() {
    return parsed.map(X509CRL::getIssuerX500Principal);
  }

  /// When a newer one is due, in words; `never` when it does not say.
  public String until() {
    return end().map(Instant::toString).orElse("never");
  }

  /// Later it vouches for nobody.
  public boolean hasEnded(Instant now) {
    return end().filter(end -> !now.isBefore(end)).isPresent();
  }

  /// When a newer one is due; empty when it does not say, or cannot be read.
  public Optional<Instant> end() {
    return parsed.flatMap(crl -> Optional.ofNullable(crl.getNextUpdate())).map(d -> d.toInstant());
  }

  /// Whether it names a certificate that none of `others` does.
  public boolean revokesMoreThan(List<IkeCrl> others) {
    var before = new HashSet<BigInteger>();
    others.forEach(other -> before.addAll(other.serials()));
    return !before.containsAll(serials());
  }

  private Set<BigInteger> serials() {
    return parsed
        .flatMap(crl -> Optional.ofNullable(crl.getRevokedCertificates()))
        .<Set<BigInteger>>map(
            all -> all.stream().map(X509CRLEntry::getSerialNumber).collect(Collectors.toSet()))
        .orElse(Set.of());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IkeCrl that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "CRL "
        + digest.substring(0, 12)
        + authority().map(name -> " of '" + name + "'").orElse("")
        + ", "
        + der.length
        + " bytes";
  }
}
