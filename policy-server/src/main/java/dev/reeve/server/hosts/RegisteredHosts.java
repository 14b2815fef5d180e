package dev.reeve.server.hosts;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.server.reports.HostFacts;
import dev.reeve.server.rsop.HostRegister;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The register in memory, filled from the database at a host's first question.
public final class RegisteredHosts implements HostRegister {

  private static final Logger LOG = LoggerFactory.getLogger("enrolment");
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final Hosts hosts;
  private final HostFacts facts;
  private final Map<HostId, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong factsVersions = new AtomicLong();
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime());

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
    long now = System.nanoTime();
    if (now - due < 0 || !nextLook.compareAndSet(due, now + LOOK_EVERY.toNanos())) return;
    try {
      for (HostId host : hosts.revoked())
        known.computeIfPresent(host, (_, k) -> k.revoked() ? k : null);
    } catch (RuntimeException e) {
      LOG.warn("cannot ask the database who was revoked; going on with what is known", e);
    }
  }

  private Known read(Host host) {
    return new Known(
        host.epoch(),
        host.computerGuid(),
        host.computerDn(),
        host.isRevoked(),
        facts.read(host.id()),
        facts.findDigest(host.id()).map(Digest::hex).orElse(""),
        0);
  }

  /// Stores what a host says of itself.
  ///
  /// @return whether it is new
  boolean saveFacts(HostId host, Map<String, String> now, Digest digest, Instant when) {
    if (!facts.save(host, now, when)) return false;
    long version = factsVersions.incrementAndGet();
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
                version));
    return true;
  }

  /// Forgets what it read of a host, because it joined, and of those it replaced.
  void refresh(HostId host) {
    known.remove(host);
    nextLook.set(System.nanoTime());
  }

  /// Rises whenever some host's facts change.
  long generation() {
    return factsVersions.get();
  }
}
