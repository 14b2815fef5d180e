package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.SharedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Holds an IPsec policy back while it is being written: it is many entries, and a part of the new
/// with a part of the old is a policy nobody wrote.
///
/// A changed policy is published 5 s after the last change to any IPsec object. A writer that ends
/// by touching the ipsecPolicy object, as Windows' editors do, waits 1 s. What is not whole is held
/// like anything else.
///
/// @param published what the world may see
/// @param touched policies whose own object was changed since they were published
/// @param lastChange of any IPsec object
record PolicySettling(SharedMap<Dn, PolicyEntry> published, Set<Dn> touched, Instant lastChange) {

  static final Duration QUIET = Duration.ofSeconds(5);
  static final Duration QUIET_AFTER_TOUCH = Duration.ofSeconds(1);

  PolicySettling {
    touched = Set.copyOf(touched);
  }

  /// After a complete read, which shows a directory at rest: everything in it is published.
  static PolicySettling after(Map<Dn, PolicyEntry> read) {
    return new PolicySettling(SharedMap.copyOf(read), Set.of(), Instant.EPOCH);
  }

  /// @param policies those whose ipsecPolicy object was modified
  PolicySettling changed(Set<Dn> policies, Instant now) {
    var all = new HashSet<>(touched);
    all.addAll(policies);
    return new PolicySettling(published, all, now);
  }

  /// @param lookAgain when something held back becomes due; empty when nothing is
  record Settled(PolicySettling next, Optional<Instant> lookAgain) {}

  Settled settle(Map<Dn, PolicyEntry> fresh, Instant now) {
    SharedMap<Dn, PolicyEntry> next = SharedMap.copyOf(fresh);
    var changed = new HashSet<Dn>();
    next.forEachDifference(published, changed::add);
    var stillTouched = new HashSet<Dn>();
    Optional<Instant> lookAgain = Optional.empty();
    for (Dn name : changed) {
      Optional<PolicyEntry> before = Optional.ofNullable(published.get(name));
      Optional<PolicyEntry> after = Optional.ofNullable(fresh.get(name));
      Instant due = lastChange.plus(wait(name, after));
      if (before.equals(after) || !due.isAfter(now)) continue;
      next = before.isPresent() ? next.with(name, before.get()) : next.without(name);
      if (touched.contains(name)) stillTouched.add(name);
      if (lookAgain.isEmpty() || due.isBefore(lookAgain.get())) lookAgain = Optional.of(due);
    }
    return new Settled(new PolicySettling(next, stillTouched, lastChange), lookAgain);
  }

  private Duration wait(Dn name, Optional<PolicyEntry> after) {
    boolean whole = after.filter(entry -> entry instanceof PolicyEntry.Readable).isPresent();
    return whole && touched.contains(name) ? QUIET_AFTER_TOUCH : QUIET;
  }
}
