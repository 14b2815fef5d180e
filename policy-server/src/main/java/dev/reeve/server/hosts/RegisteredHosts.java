package dev.reeve.server.hosts;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.server.reports.HostFacts;
import dev.reeve.server.rsop.HostRegister;
import dev.reeve.trust.EcKeys;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The register in memory, filled from the database at a host's first question.
public final class RegisteredHosts implements HostRegister {

  private static final Logger LOG = LoggerFactory.getLogger("enrolment");
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private static final Duration STORED_FOR = Duration.ofSeconds(30);

  private final Hosts hosts;
  private final HostFacts facts;
  private final Map<HostId, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final AtomicLong enrolments = new AtomicLong();
  private volatile Roll roll = new Roll(-1, List.of());
  private volatile long good;
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime());

  // Guarded by this.
  private Optional<Map<HostId, Selecting>> stored = Optional.empty();
  private long storedAt;

  /// @param of the number of enrolments that it is true for
  private record Roll(long of, List<Enrolled> hosts) {}

  public RegisteredHosts(Hosts hosts, HostFacts facts) {
    this.hosts = hosts;
    this.facts = facts;
  }

  @Override
  public Optional<Known> find(HostId host) {
    forgetRevoked();
    Known now = known.get(host);
    if (now != null) return Optional.of(now);
    Optional<Known> read = hosts.find(host).map(this::read);
    read.ifPresent(k -> known.putIfAbsent(host, k));
    return read;
  }

  /// Who was revoked meanwhile, perhaps by another server: asked every few seconds, by one caller.
  private void forgetRevoked() {
    long due = nextLook.get();
    long time = System.nanoTime();
    if (time - due < 0 || !nextLook.compareAndSet(due, time + LOOK_EVERY.toNanos())) return;
    try {
      for (HostId host : hosts.revoked())
        known.computeIfPresent(host, (_, k) -> k.revoked() ? k : null);
      long now = hosts.countGood();
      if (now != good) enrolments.incrementAndGet();
      good = now;
    } catch (RuntimeException e) {
      LOG.warn("cannot ask the database who was revoked; going on with what is known", e);
    }
  }

  @Override
  public Function<HostId, Optional<Selecting>> fleet() {
    Map<HostId, Selecting> unseen = unseen();
    return host ->
        Optional.ofNullable(known.get(host))
            .map(k -> new Selecting(k.computerGuid(), k.facts()))
            .or(() -> Optional.ofNullable(unseen.get(host)));
  }

  /// As the database has it: good for a while for hosts that have not asked this server yet.
  private synchronized Map<HostId, Selecting> unseen() {
    long now = System.nanoTime();
    if (stored.isPresent() && now - storedAt < STORED_FOR.toNanos()) return stored.get();
    Map<HostId, Map<String, String>> sent = facts.readAll();
    var all = new HashMap<HostId, Selecting>();
    for (Host host : hosts.all())
      all.put(
          host.id(), new Selecting(host.computerGuid(), sent.getOrDefault(host.id(), Map.of())));
    stored = Optional.of(all);
    storedAt = now;
    return all;
  }

  @Override
  public List<Enrolled> enrolled() {
    long of = enrolments.get();
    Roll last = roll;
    if (last.of == of) return last.hosts;
    var read =
        new Roll(
            of,
            hosts.all().stream()
                .filter(host -> !host.isRevoked())
                .map(host -> new Enrolled(host.id(), host.computerGuid()))
                .toList());
    roll = read;
    return read.hosts;
  }

  @Override
  public long enrolments() {
    return enrolments.get();
  }

  private Known read(Host host) {
    return new Known(
        host.epoch(),
        host.computerGuid(),
        host.computerDn(),
        host.isRevoked(),
        facts.read(host.id()),
        facts.findDigest(host.id()).map(Digest::hex).orElse(""),
        hosts.findEncryptionKey(host.id()),
        0);
  }

  /// Stores what a host says of itself.
  ///
  /// @return whether it is new
  boolean saveFacts(HostId host, Map<String, String> now, Digest digest, Instant when) {
    if (!facts.save(host, now, when)) return false;
    long version = versions.incrementAndGet();
    known.computeIfPresent(
        host,
        (_, k) ->
            new Known(
                k.epoch(),
                k.computerGuid(),
                k.computerDn(),
                k.revoked(),
                now,
                digest.hex(),
                k.encryptionKey(),
                version));
    return true;
  }

  /// Stores what a host's secrets are to be sealed to.
  ///
  /// @return whether it is new
  boolean saveEncryptionKey(HostId host, PublicKey key) {
    if (hosts.findEncryptionKey(host).filter(key::equals).isPresent()) {
      return reread(host, key);
    }
    hosts.saveEncryptionKey(host, key);
    setKey(host, key);
    return true;
  }

  /// Whether the host has sent that key, perhaps to another server.
  boolean knowsEncryptionKey(HostId host, Digest digest) {
    Optional<PublicKey> now = find(host).flatMap(Known::encryptionKey);
    if (now.filter(key -> EcKeys.digest(key).equals(digest)).isPresent()) return true;
    Optional<PublicKey> stored =
        hosts.findEncryptionKey(host).filter(key -> EcKeys.digest(key).equals(digest));
    stored.ifPresent(key -> setKey(host, key));
    return stored.isPresent();
  }

  /// Another server took it: this one may remember an older one.
  private boolean reread(HostId host, PublicKey key) {
    if (find(host).flatMap(Known::encryptionKey).filter(key::equals).isPresent()) return false;
    setKey(host, key);
    return true;
  }

  private void setKey(HostId host, PublicKey key) {
    long version = versions.incrementAndGet();
    known.computeIfPresent(
        host,
        (_, k) ->
            new Known(
                k.epoch(),
                k.computerGuid(),
                k.computerDn(),
                k.revoked(),
                k.facts(),
                k.factsDigest(),
                Optional.of(key),
                version));
  }

  /// Forgets what it read of a host, because it joined, and of those it replaced.
  void refresh(HostId host) {
    known.remove(host);
    enrolments.incrementAndGet();
    nextLook.set(System.nanoTime());
  }

  /// Rises whenever some host's facts or key change, or a host joins.
  long generation() {
    return versions.get() + enrolments.get();
  }
}
