package dev.reeve.server.revocation;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.trust.CheckedCrl;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// CRLs of other CAs, fetched on a thread of its own, so that hosts need no way to them. Each is
/// believed once its CA's signature is seen on it; the last good one is kept on the disk, and stays
/// until a newer good one comes.
public final class FetchedCrls implements OtherCrls, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("publish");

  /// How soon a revocation is seen; sooner when the CRL ends sooner.
  private static final Duration EVERY = Duration.ofHours(1);

  private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
  private static final Duration SOONEST = Duration.ofMinutes(1);
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final int LOOK_EVERY_SECONDS = 10;

  private final List<One> all;
  private final CrlFetch fetch;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("crls").factory());

  /// One CA's. What changes is guarded by the whole.
  private static final class One {
    final X509Certificate authority;
    final URI from;
    final Path file;
    Optional<CheckedCrl> good = Optional.empty();
    Instant next = Instant.MIN;
    String failure = "";

    One(X509Certificate authority, URI from, Path file) {
      this.authority = authority;
      this.from = from;
      this.file = file;
    }
  }

  private FetchedCrls(List<One> all, Duration within, InstantSource clock) {
    this.all = all;
    this.fetch = new CrlFetch(Revocations.LONGEST_CRL, within);
    this.clock = clock;
  }

  /// @param directory for the last good ones; made when it is missing
  /// @throws IOException naming the certificate that cannot be read
  public static FetchedCrls open(List<CrlSource> sources, Path directory, InstantSource clock)
      throws IOException {
    return open(sources, directory, WITHIN, clock);
  }

  static FetchedCrls open(
      List<CrlSource> sources, Path directory, Duration within, InstantSource clock)
      throws IOException {
    var all = new ArrayList<One>();
    if (!sources.isEmpty()) DurableFiles.createDirectory(directory, Access.PRIVATE);
    for (CrlSource source : sources) {
      X509Certificate authority = Pem.readCertificates(source.authority()).getFirst();
      if (authority.getBasicConstraints() < 0)
        throw new IOException(source.authority() + ": the certificate is not a CA's");
      var one = new One(authority, source.from(), directory.resolve(name(authority)));
      one.good = kept(one);
      all.add(one);
    }
    return new FetchedCrls(all, within, clock);
  }

  private static String name(X509Certificate authority) throws IOException {
    try {
      return Digest.of(authority.getEncoded()).hex().substring(0, 16) + ".crl";
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
  }

  private static Optional<CheckedCrl> kept(One one) {
    if (!Files.exists(one.file)) return Optional.empty();
    try {
      return Optional.of(
          CheckedCrl.of(DurableFiles.read(one.file, Revocations.LONGEST_CRL), one.authority));
    } catch (IOException | CertificateException e) {
      LOG.warn("{} is not used: {}", one.file, e.getMessage());
      return Optional.empty();
    }
  }

  /// From now on, whenever one is due.
  public void watch() {
    if (all.isEmpty()) return;
    var unused =
        thread.scheduleWithFixedDelay(this::lookAgain, 0, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  private void lookAgain() {
    try {
      fetchDue();
    } catch (RuntimeException e) {
      LOG.error("a fault while CRLs were fetched; the last good ones stay", e);
    }
  }

  /// Asks for those whose time it is.
  void fetchDue() {
    for (One one : all) {
      Instant now = clock.instant();
      if (!now.isBefore(one.next)) fetch(one, now);
    }
  }

  private void fetch(One one, Instant now) {
    try {
      CheckedCrl got = CheckedCrl.of(fetch.get(one.from), one.authority);
      synchronized (this) {
        accept(one, got, now);
        one.failure = "";
        one.next = now.plus(pause(got, now));
      }
    } catch (IOException | CertificateException e) {
      synchronized (this) {
        String why = String.valueOf(e.getMessage());
        if (!why.equals(one.failure)) LOG.warn("no CRL from {}: {}", one.from, why);
        one.failure = why;
        one.next = now.plus(AFTER_FAILURE);
      }
    }
  }

  private void accept(One one, CheckedCrl got, Instant now)
      throws IOException, CertificateException {
    if (one.good.filter(got::equals).isPresent()) return;
    if (one.good.filter(held -> held.isNewerThan(got)).isPresent())
      throw new CertificateException(
          "issued " + got.issued() + ", older than the one at hand, " + one.good.get().issued());
    if (!now.isBefore(got.until())) throw new CertificateException("it ended " + got.until());
    DurableFiles.write(one.file, got.der(), Access.PUBLIC);
    one.good = Optional.of(got);
    LOG.info("{} fetched from {}", got, one.from);
  }

  /// Well before the next one is due.
  private static Duration pause(CheckedCrl crl, Instant now) {
    Duration half = Duration.between(now, crl.until()).dividedBy(2);
    if (half.compareTo(SOONEST) < 0) return SOONEST;
    return half.compareTo(EVERY) < 0 ? half : EVERY;
  }

  @Override
  public synchronized List<CheckedCrl> current() {
    return all.stream().flatMap(one -> one.good.stream()).toList();
  }

  @Override
  public synchronized List<String> warnings(Instant now) {
    return all.stream()
        .filter(one -> !one.failure.isEmpty())
        .map(one -> warning(one, now))
        .toList();
  }

  private static String warning(One one, Instant now) {
    String name = one.authority.getSubjectX500Principal().getName();
    String held =
        one.good
            .map(crl ->
                now.isBefore(crl.until())
                    ? "the last good one holds until " + crl.until()
                    : "the last good one ended " + crl.until())
            .orElse("there never was one");
    return "the CRL of '%s' cannot be fetched from %s: %s; %s"
        .formatted(name, one.from, one.failure, held);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
