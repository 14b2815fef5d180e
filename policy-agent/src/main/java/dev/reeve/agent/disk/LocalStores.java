package dev.reeve.agent.disk;

import dev.reeve.model.ipsec.IpsecPolicy;
import java.util.List;
import java.util.Optional;

/// What the host's own administrator put there: the policy of a host without a domain, and the one
/// that is first and always.
///
/// @param problems stores that cannot be read, in words
public record LocalStores(
    Optional<IpsecPolicy> local, Optional<IpsecPolicy> persistent, List<String> problems) {

  public static final LocalStores NONE =
      new LocalStores(Optional.empty(), Optional.empty(), List.of());

  public LocalStores {
    problems = List.copyOf(problems);
  }
}
