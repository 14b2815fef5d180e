package dev.reeve.server.revocation;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.server.revocation.RevocationStore.Issued;
import dev.reeve.server.revocation.RevocationStore.Revoked;
import dev.reeve.trust.CheckedCrl;
import dev.reeve.trust.RevokedCertificate;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest list of revoked hosts, with the CRLs of other authorities. A new one is issued when
/// somebody is revoked, a revoked certificate expires, another CRL comes, or half of the last one's
/// time is over. Safe for several threads.
public final class RevocationLists implements AutoCloseable {

  /// As long as a manifest may be admitted: a host that hears nothing for longer, and wants a good
  /// list, trusts nobody.
  static final Duration VALIDITY = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger("publish");
  private static final int LOOK_EVERY_SECONDS = 5;
  private static final Duration REMIND_EVERY = Duration.ofDays(1);

  /// Of the longest list: there is time left to do something.
  private static final int LONG_PERCENT = 80;

  /// Signs a list.
  public interface Issuer {
    /// @return CRL in DER
    byte[] issue(List<RevokedCertificate> revoked, long number, Instant now, Duration validity);
  }

  /// How it stands.
  ///
  /// @param certificates of revoked hosts, not expired
  /// @param bytes of the CRL that names them
  /// @param warnings what an administrator should know, in words that say what to do
  public record State(int certificates, int bytes, List<String> warnings) {
    static final State NONE = new State(0, 0, List.of());

    public State {
      warnings = List.copyOf(warnings);
    }
  }

  private record Made(byte[] list, State state) {}

  private final RevocationStore store;
  private final Issuer issuer;
  private final List<OtherCrls> others;
  private final InstantSource clock;
  private final AtomicLong generation = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("revocations").factory());

  // Guarded by this.
  private Optional<byte[]> current = Optional.empty();
  private State state = State.NONE;
  private List<String> warned = List.of();
  private Instant warnedAt = Instant.MIN;

  /// @param others whose CRLs hosts get beside the list
  public RevocationLists(
      RevocationStore store, Issuer issuer, List<OtherCrls> others, InstantSource clock) {
    this.store = store;
    this.issuer = issuer;
    this.others = List.copyOf(others);
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

  /// As of the last look.
  public synchronized State state() {
    return state;
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
      Instant now = clock.instant();
      Made made = newest(now);
      list = made.list();
      another = current.isEmpty() || !Arrays.equals(current.get(), list);
      current = Optional.of(list);
      state = made.state();
      warn(now);
      if (another) generation.incrementAndGet();
    }
    if (another) listeners.forEach(Runnable::run);
    return list.clone();
  }

  /// What is new at once, what stays once a day.
  private synchronized void warn(Instant now) {
    boolean again = warnedAt.isBefore(now.minus(REMIND_EVERY));
    if (state.warnings().equals(warned) && !again) return;
    state.warnings().forEach(LOG::warn);
    warned = state.warnings();
    warnedAt = now;
  }

  private Made newest(Instant now) {
    List<Revoked> revoked = store.revoked(now);
    Optional<Issued> latest = store.findLatest();
    List<byte[]> beside = newestOfEach(latest.map(RevocationLists::beside).orElse(List.of()), now);
    byte[] list = newest(revoked, beside, latest, now);
    int bytes = Revocations.parse(list).crl().length;
    var warnings = new ArrayList<String>();
    if (bytes > Revocations.LONGEST_CRL / 100 * LONG_PERCENT) {
      warnings.add(tooLong(bytes, revoked.size()));
    }
    others.forEach(other -> warnings.addAll(other.warnings(now)));
    return new Made(list, new State(revoked.size(), bytes, warnings));
  }

  private static String tooLong(int bytes, int certificates) {
    return ("the CRL of hosts has %d bytes for %d certificates; a host's charon takes none above %d:"
            + " then strongCrlCheck 2 refuses every peer, and 1 does not check new associations."
            + " Certificates leave it when they expire, within 90 days")
        .formatted(bytes, certificates, Revocations.LONGEST_CRL);
  }

  /// What another server issued with last counts too: it may have got something newer.
  private List<byte[]> newestOfEach(List<CheckedCrl> before, Instant now) {
    var newest = new TreeMap<String, CheckedCrl>();
    Stream.concat(
            before.stream().filter(crl -> now.isBefore(crl.until())),
            others.stream().flatMap(o -> o.current().stream()))
        .forEach(crl ->
            newest.merge(
                crl.authority(), crl, (held, next) -> next.isNewerThan(held) ? next : held));
    return newest.values().stream().map(CheckedCrl::der).toList();
  }

  private static List<CheckedCrl> beside(Issued issued) {
    var found = new ArrayList<CheckedCrl>();
    for (byte[] der : Revocations.parse(issued.content()).others()) {
      try {
        found.add(CheckedCrl.reread(der));
      } catch (CertificateException e) {
        LOG.warn("a CRL in the last list is left out: {}", e.getMessage());
      }
    }
    return found;
  }

  private byte[] newest(
      List<Revoked> revoked, List<byte[]> beside, Optional<Issued> latest, Instant now) {
    Digest of = digest(revoked, beside);
    if (latest.filter(l -> l.of().equals(of) && now.isBefore(renewAt(l))).isPresent()) {
      return latest.get().content();
    }
    long number = latest.map(Issued::number).orElse(0L) + 1;
    var made = new Issued(number, of, now, make(revoked, beside, number, now));
    if (store.save(made)) {
      LOG.info(
          "revocation list {} issued: {} certificates, {} CRLs of other authorities",
          number,
          revoked.size(),
          beside.size());
      return made.content();
    }
    return store.findLatest().orElseThrow().content(); // another server was first
  }

  private static Instant renewAt(Issued issued) {
    return issued.issued().plus(VALIDITY.dividedBy(2));
  }

  private byte[] make(List<Revoked> revoked, List<byte[]> beside, long number, Instant now) {
    List<RevokedCertificate> certificates =
        revoked.stream().map(r -> new RevokedCertificate(r.serial(), r.since())).toList();
    Set<HostId> hosts = revoked.stream().map(Revoked::host).collect(Collectors.toSet());
    return new Revocations(issuer.issue(certificates, number, now, VALIDITY), beside, hosts)
        .toBytes();
  }

  private static Digest digest(List<Revoked> revoked, List<byte[]> beside) {
    String content =
        Stream.concat(
                revoked.stream().map(r -> r.serial().toString(16)).sorted(),
                beside.stream().map(crl -> Digest.of(crl).hex()).sorted())
            .collect(Collectors.joining(" "));
    return Digest.of(content.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
