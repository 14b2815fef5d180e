package dev.reeve.model.ipsec;

import java.time.Duration;
import java.util.List;

/// A whole IPsec policy. Policies are never merged: one wins, entire.
///
/// @param id the GUID with braces, upper case
/// @param pollingInterval how often a host asks for changes, whole seconds, more than none
/// @param rules their order means nothing
public record IpsecPolicy(
    String id,
    String name,
    String description,
    Duration pollingInterval,
    MainMode mainMode,
    List<IpsecRule> rules) {

  /// What zero means in Microsoft's encoding: 180 minutes.
  public static final Duration DEFAULT_POLLING_INTERVAL = Duration.ofMinutes(180);

  public IpsecPolicy {
    rules = List.copyOf(rules);
    Seconds.check("polling interval", pollingInterval);
  }
}
