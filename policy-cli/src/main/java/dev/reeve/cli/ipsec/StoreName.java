package dev.reeve.cli.ipsec;

import dev.reeve.model.spd.Store;

/// The stores of a host that its own administrator fills.
enum StoreName {
  LOCAL(Store.LOCAL),
  PERSISTENT(Store.PERSISTENT);

  private final Store store;

  StoreName(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
