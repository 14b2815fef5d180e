package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which pre-shared keys a host can have at once. charon tries every key that its owner's identity
/// allows, and with several for one peer, whoever knows one would pass for a peer of the other. So
/// several are possible where each is for peers named by one address each: charon then takes the
/// key by the peer's address, which must be the peer's identity too. Of what does not go together,
/// the first counts.
final class SharedKeys {

  /// A rule that wants to negotiate by that key.
  ///
  /// @param peers whom its filters mean, or the other end of its tunnel
  record Use(IkeSecret key, Set<IpPrefix> peers) {
    Use {
      peers = Set.copyOf(peers);
    }

    /// Whether its peers are named: by an address in each family at most.
    private boolean named() {
      Set<IpFamily> families =
          peers.stream().map(p -> p.network().family()).collect(Collectors.toSet());
      return families.size() == peers.size()
          && peers.stream().allMatch(p -> p.length() == p.network().family().bits());
    }

    private boolean goesWith(Use other) {
      boolean apart = peers.stream().noneMatch(other.peers::contains);
      return key.equals(other.key) || named() && other.named() && apart;
    }
  }

  sealed interface Decision {
    /// @param owners the peers that it is for; empty for everybody: it is the only one
    record Good(Set<IpAddress> owners) implements Decision {}

    record Refused(String reason) implements Decision {}
  }

  private final List<Use> admitted = new ArrayList<>();

  private SharedKeys() {}

  /// @param uses those that come first count
  static SharedKeys of(Collection<Use> uses) {
    var keys = new SharedKeys();
    for (Use use : uses) {
      if (keys.admitted.stream().allMatch(use::goesWith)) keys.admitted.add(use);
    }
    return keys;
  }

  /// @param use one of those that this was made of
  Decision decide(Use use) {
    if (!admitted.contains(use)) return new Decision.Refused(why(use));
    boolean only = admitted.stream().allMatch(other -> other.key.equals(use.key));
    return new Decision.Good(
        only ? Set.of() : use.peers.stream().map(IpPrefix::network).collect(Collectors.toSet()));
  }

  private String why(Use use) {
    boolean same =
        admitted.stream()
            .anyMatch(other ->
                !other.key.equals(use.key) && other.peers.stream().anyMatch(use.peers::contains));
    return same && use.named()
        ? "another rule has another pre-shared key for the same peer"
        : "another rule has another pre-shared key, and charon tells peers of two apart only where"
            + " each rule names one peer by its address";
  }
}
