package dev.reeve.agent;

import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.status.ApplyOutcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What the loop takes from its queue, one after the other.
sealed interface AgentEvent {

  /// A manifest came from the server, with the objects it names. Nothing of it is believed yet.
  ///
  /// @param reply completed once it is in force, or refused
  record BundleArrived(
      byte[] signed, String etag, Map<Digest, byte[]> objects, CompletableFuture<PollOutcome> reply)
      implements AgentEvent {}

  /// Somebody wants the kernel compared with the policy, now.
  ///
  /// @param reply empty when nothing is known that could be applied
  record CheckAsked(CompletableFuture<Optional<ApplyOutcome>> reply) implements AgentEvent {}

  /// Somebody wants to see what is in force and what happens now.
  record SightAsked(CompletableFuture<Sight> reply) implements AgentEvent {}

  /// This host's administrator adds to the policy, or takes back what was added.
  record DynamicAsked(DynamicChange change, CompletableFuture<Changed> reply)
      implements AgentEvent {}

  /// Associations must end, and be negotiated anew.
  ///
  /// @param peer whose; empty for everybody's
  record EndAsked(Optional<IpAddress> peer, CompletableFuture<Changed> reply)
      implements AgentEvent {}

  /// What the poller knows of its server.
  record ServerState(Contact contact) implements AgentEvent {}

  /// Addresses, routes, resolvers or the servers' own addresses are not what they were.
  enum AddressesChanged implements AgentEvent {
    ADDRESSES_CHANGED
  }

  /// Ends the loop. What is enforced stays enforced.
  enum Stop implements AgentEvent {
    STOP
  }
}
