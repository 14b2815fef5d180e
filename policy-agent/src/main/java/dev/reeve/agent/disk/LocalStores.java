package dev.reeve.agent.disk;

import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.spd.Store;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What the host's own administrator put there: the policy of a host without a domain, and the one
/// that is first and always.
///
/// @param problems of stores that are there and cannot be read, in words
public record LocalStores(
    Optional<IpsecPolicy> local, Optional<IpsecPolicy> persistent, Map<Store, String> problems) {

  public static final LocalStores NONE =
      new LocalStores(Optional.empty(), Optional.empty(), Map.of());

  public LocalStores {
    var sorted = new EnumMap<Store, String>(Store.class);
    sorted.putAll(problems);
    problems = Collections.unmodifiableMap(sorted);
  }

  /// What cannot be read now is as it was.
  public LocalStores orAs(LocalStores before) {
    return new LocalStores(
        problems.containsKey(Store.LOCAL) ? before.local : local,
        problems.containsKey(Store.PERSISTENT) ? before.persistent : persistent,
        problems);
  }
}
