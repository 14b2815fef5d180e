package dev.reeve.server.revocation;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.server.revocation.RevocationStore.Issued;
import dev.reeve.server.revocation.RevocationStore.Revoked;
import dev.reeve.trust.RevokedCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest list of revoked hosts. A new one is issued when somebody is revoked, a revoked
/// certificate expires, or half of the last one's time is over. Safe for several threads.
public final class RevocationLists implements AutoCloseable {

  /// As long as a manifest may be admitted: a host that hears nothing for longer, and wants a good
  /// list, trusts nobody.
  static final Duration VALIDITY = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger("publish");
  private static final int LOOK_EVERY_SECONDS = 5;

  /// Signs a list.
  public interface Issuer {
    /// @return CRL in DER
    byte[] issue(List<RevokedCertificate> revoked, long number, Instant now, Duration validity);
  }

  private final RevocationStore store;
  private final Issuer issuer;
  private final InstantSource clock;
  private final AtomicLong generation = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("revocations").factory());
  private Optional<byte[]> current = Optional.empty(); // guarded by this

  public RevocationLists(RevocationStore store, Issuer issuer, InstantSource clock) {
    this.store = store;
    this.issuer = issuer;
    this.clock = clock;
  }

  /// Looks again every few seconds: another server may have revoked somebody.
  public void watch() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookAgain, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  private void lookAgain() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.warn("cannot find out who was revoked; the last list stays", e);
    }
  }

  /// Called after there is another list.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /// Rises with every list.
  public long generation() {
    return generation.get();
  }

  /// The list that hosts get: a [Revocations].
  public byte[] current() {
    synchronized (this) {
      if (current.isPresent()) return current.get().clone();
    }
    return look();
  }

  /// Makes sure that the list says who is revoked now.
  public byte[] look() {
    byte[] list;
    boolean another;
    synchronized (this) {
      list = newest(clock.instant());
      another = current.isEmpty() || !Arrays.equals(current.get(), list);
      current = Optional.of(list);
      if (another) generation.incrementAndGet();
    }
    if (another) listeners.forEach(Runnable::run);
    return list.clone();
  }

  private byte[] newest(Instant now) {
    List<Revoked> revoked = store.revoked(now);
    Digest of = digest(revoked);
    Optional<Issued> latest = store.findLatest();
    if (latest.filter(l -> l.of().equals(of) && now.isBefore(renewAt(l))).isPresent()) {
      return latest.get().content();
    }
    long number = latest.map(Issued::number).orElse(0L) + 1;
    var made = new Issued(number, of, now, make(revoked, number, now));
    if (store.save(made)) {
      LOG.info("revocation list {} issued: {} certificates", number, revoked.size());
      return made.content();
    }
    return store.findLatest().orElseThrow().content(); // another server was first
  }

  private static Instant renewAt(Issued issued) {
    return issued.issued().plus(VALIDITY.dividedBy(2));
  }

  private byte[] make(List<Revoked> revoked, long number, Instant now) {
    List<RevokedCertificate> certificates =
        revoked.stream().map(r -> new RevokedCertificate(r.serial(), r.since())).toList();
    Set<HostId> hosts = revoked.stream().map(Revoked::host).collect(Collectors.toSet());
    return new Revocations(issuer.issue(certificates, number, now, VALIDITY), hosts).toBytes();
  }

  private static Digest digest(List<Revoked> revoked) {
    String serials =
        revoked.stream()
            .map(r -> r.serial().toString(16))
            .sorted()
            .collect(Collectors.joining(" "));
    return Digest.of(serials.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
