package dev.reeve.server.hosts;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.server.reports.HostFacts;
import dev.reeve.server.rsop.HostRegister;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The register in memory, filled from the database at a host's first question.
public final class RegisteredHosts implements HostRegister {

  private final Hosts hosts;
  private final HostFacts facts;
  private final Map<HostId, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong factsVersions = new AtomicLong();

  public RegisteredHosts(Hosts hosts, HostFacts facts) {
    this.hosts = hosts;
    this.facts = facts;
  }

  @Override
  public Optional<Known> find(HostId host) {
    Known now = known.get(host);
    if (now != null) return Optional.of(now);
    Optional<Known> read = hosts.find(host).map(this::read);
    read.ifPresent(k -> known.putIfAbsent(host, k));
    return read;
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

  /// Forgets what it read of a host, because that changed: enrolled, revoked.
  void refresh(HostId host) {
    known.remove(host);
  }

  /// Rises whenever some host's facts change.
  long generation() {
    return factsVersions.get();
  }
}
