package dev.reeve.model.spd;

/// Whether what an entry is for travels through the tunnel of its rule.
public enum Passage {
  /// It does not.
  DIRECT,
  /// It does, as the rule's filter is written.
  TUNNEL,
  /// It does: the way back of a mirrored filter.
  TUNNEL_BACK
}
