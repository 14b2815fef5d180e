package dev.reeve.model.spd;

import java.util.Locale;

/// Where a policy on a host comes from. Persistent is first and always; domain replaces local;
/// dynamic is added to either, and ends with the agent's process.
public enum Store {
  PERSISTENT,
  DOMAIN,
  LOCAL,
  DYNAMIC;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
