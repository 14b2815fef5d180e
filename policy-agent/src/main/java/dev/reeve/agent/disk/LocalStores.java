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

  /// @param store of the host's own
  Optional<IpsecPolicy> of(Store store) {
    return switch (store) {
      case LOCAL -> local;
      case PERSISTENT -> persistent;
      case DOMAIN, DYNAMIC -> throw new IllegalArgumentException(store + " is no store of a host");
    };
  }

  /// That store could not be read now, and was this when it could; its problem says so.
  LocalStores asLast(Store store, Optional<IpsecPolicy> last) {
    var said = new EnumMap<Store, String>(problems);
    said.computeIfPresent(
        store,
        (_, problem) ->
            problem
                + last.map(policy -> "; '" + policy.name() + "', read before, stays in force")
                    .orElse("; it held no policy when it was read before, if ever"));
    return switch (store) {
      case LOCAL -> new LocalStores(last, persistent, said);
      case PERSISTENT -> new LocalStores(local, last, said);
      case DOMAIN, DYNAMIC -> throw new IllegalArgumentException(store + " is no store of a host");
    };
  }
}
