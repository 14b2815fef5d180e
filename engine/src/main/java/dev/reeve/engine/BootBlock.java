package dev.reeve.engine;

import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.RuleStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An engine on a host where nft did not work at boot: reeve-boot made the kernel drop what no
/// policy speaks of. That ends once the engine has what it was told in force, be it that no policy
/// is meant.
public final class BootBlock implements IpsecEngine {

  private static final String LIFT = "let pass what no policy speaks of, which reeve-boot blocked";

  private final IpsecEngine engine;
  private final Xfrm xfrm;
  private final Path mark;
  private boolean told;

  /// @param mark the file that reeve-boot leaves as long as the block is its own doing
  public BootBlock(IpsecEngine engine, Xfrm xfrm, Path mark) {
    this.engine = engine;
    this.xfrm = xfrm;
    this.mark = mark;
  }

  @Override
  public String name() {
    return engine.name();
  }

  /// Lifts it last: until the policy holds, nothing but the block keeps what the policy drops.
  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) throws EngineException {
    told = true;
    ApplyOutcome outcome = engine.apply(policy, view);
    return holds()
        ? switch (outcome) {
          case ApplyOutcome.Applied(var steps, var rules) -> lifted(steps, rules);
          case ApplyOutcome.Unchanged(var rules) -> lifted(List.of(), rules);
          case ApplyOutcome.Failed failed -> failed;
        }
        : outcome;
  }

  private ApplyOutcome lifted(List<String> steps, List<RuleStatus> rules) {
    try {
      lift();
      return new ApplyOutcome.Applied(
          Stream.concat(steps.stream(), Stream.of(LIFT)).toList(), rules);
    } catch (EngineException e) {
      return RuleStatuses.failed(LIFT, String.valueOf(e.getMessage()), rules);
    }
  }

  private boolean holds() {
    return Files.exists(mark);
  }

  private void lift() throws EngineException {
    try {
      xfrm.acceptTheRest();
      if (xfrm.blocksTheRest()) throw new ToolException("done, but the kernel still blocks it");
      Files.deleteIfExists(mark);
    } catch (ToolException | IOException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean needsAttention() {
    return engine.needsAttention() || told && holds();
  }

  @Override
  public ObservedState observe() throws EngineException {
    return engine.observe();
  }

  @Override
  public Optional<BootRules> bootRules() throws EngineException {
    return engine.bootRules();
  }

  @Override
  public List<PeerFailure> failures() {
    return engine.failures();
  }

  @Override
  public int endAssociations(Optional<IpAddress> peer) throws EngineException {
    return engine.endAssociations(peer);
  }

  @Override
  public boolean watchesPeers() {
    return engine.watchesPeers();
  }

  @Override
  public boolean peersChanged() {
    return engine.peersChanged();
  }

  @Override
  public void removeAll() throws EngineException {
    engine.removeAll();
    if (holds()) lift();
  }
}
