package dev.reeve.engine;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.PeerFailure;
import java.util.List;
import java.util.Optional;

/// What enforces policy on a host. One thread owns it; it has none of its own.
public interface IpsecEngine {

  /// As reports call it: `linux`, `xfrm`, `dry-run`.
  String name();

  /// Makes the kernel enforce `policy`, and nothing else that an earlier policy said. A step that
  /// fails is an outcome: what was applied before is put back, and the outcome says whether it was.
  ///
  /// @throws EngineException when nothing could be tried
  ApplyOutcome apply(HostPolicy policy, HostView view) throws EngineException;

  /// What the kernel holds now, beside what [#apply] left there.
  ObservedState observe() throws EngineException;

  /// Whether [#apply] should be called soon: a part that it relies on has gone, or somebody has
  /// changed the kernel, perhaps what is ours. Cheap: it is asked every few seconds. After [#apply]
  /// it is false until something happens.
  default boolean needsAttention() {
    return false;
  }

  /// What should be loaded at the next boot, and after somebody's flush, for what [#apply] was
  /// asked last. Empty when nothing was, or this engine enforces nothing.
  ///
  /// @throws EngineException when the kernel would refuse it
  default Optional<BootRules> bootRules() throws EngineException {
    return Optional.empty();
  }

  /// Peers that could not be agreed with, as in [#observe]. Cheap.
  default List<PeerFailure> failures() {
    return List.of();
  }

  /// Ends main-mode associations with their quick modes; what still wants them negotiates anew.
  ///
  /// @param peer whose; empty for everybody's
  /// @return how many
  default int endAssociations(Optional<IpAddress> peer) throws EngineException {
    return 0;
  }

  /// Whether peers may wait for [#apply] to be let in: by their account, or through a NAT.
  default boolean watchesPeers() {
    return false;
  }

  /// Whether other peers associate than when [#apply] was called last, and that matters. Cheap too.
  default boolean peersChanged() {
    return false;
  }

  /// Takes everything of ours out of the kernel. For uninstalling only: the host is open
  /// afterwards.
  void removeAll() throws EngineException;
}
