package dev.reeve.model.spd;

import java.util.Locale;

/// Where a policy on a host comes from. Persistent is first and always; domain replaces local.
public enum Store {
  PERSISTENT,
  DOMAIN,
  LOCAL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
