package dev.reeve.agent.disk;

import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.spd.Store;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The host's own stores for the agent: one that is there and cannot be read stays as it was read
/// last, also across starts. For that a copy of each is kept, as bundles are.
///
/// Not for several threads.
public final class LastStores {

  private static final System.Logger LOG = System.getLogger("stores");

  private final StateDirectory directory;
  private final Map<Store, Optional<IpsecPolicy>> last = new EnumMap<>(Store.class);
  private final Set<Store> unkept = EnumSet.noneOf(Store.class);

  public LastStores(StateDirectory directory) {
    this.directory = directory;
  }

  /// With a problem for each that could not be read now, which says what is in force instead.
  public LocalStores read() {
    LocalStores now = directory.readStores();
    for (Store store : List.of(Store.LOCAL, Store.PERSISTENT)) {
      Optional<IpsecPolicy> before = last.computeIfAbsent(store, directory::readCopy);
      if (now.problems().containsKey(store)) {
        now = now.asLast(store, before);
      } else if (!now.of(store).equals(before) || unkept.contains(store)) {
        last.put(store, now.of(store));
        keep(store, now.of(store));
      }
    }
    return now;
  }

  /// When it fails, the next reading tries again; the policy itself is known all the same.
  private void keep(Store store, Optional<IpsecPolicy> policy) {
    try {
      directory.writeCopy(store, policy);
      unkept.remove(store);
    } catch (IOException e) {
      if (unkept.add(store))
        LOG.log(
            WARNING,
            "no copy of the {0} store can be kept for when it cannot be read: {1}",
            store,
            e.toString());
    }
  }
}
