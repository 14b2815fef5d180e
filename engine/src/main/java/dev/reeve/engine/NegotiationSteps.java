package dev.reeve.engine;

import dev.reeve.engine.ike.Charon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Unfinished;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.Xfrm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Carries out what is to be done to charon and the kernel's XFRM, and keeps what nobody can read
/// back of a plan that came not to its end.
final class NegotiationSteps {

  private final Xfrm xfrm;
  private final CharonAccess charon;
  private final Unheard unheard;
  private final Path mark;
  private Unfinished unfinished;

  NegotiationSteps(Xfrm xfrm, CharonAccess charon, Unheard unheard) {
    this.xfrm = xfrm;
    this.charon = charon;
    this.unheard = unheard;
    this.mark = charon.daemon().directory().resolve("unfinished");
    this.unfinished = Files.exists(mark) ? Unfinished.INTERRUPTED : Unfinished.NOTHING;
  }

  Unfinished unfinished() {
    return unfinished;
  }

  /// All steps to that were carried out.
  void done(Wanted now) {
    unfinished = Unfinished.done(now);
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      // the next life of ours does again what was done
    }
  }

  /// @throws EngineException naming what could not be done
  void carryOut(EngineStep step) throws EngineException {
    try {
      switch (step) {
        case EngineStep.DropFirstPackets _ -> xfrm.dropFirstPackets();
        case EngineStep.RemoveStale(var states) -> xfrm.delete(states);
        case EngineStep.CallPeers(var lost) -> unheard.call(lost);
        case EngineStep.LoadConnection(var connection) ->
            charon.tell(charon -> charon.load(connection));
        case EngineStep.UnloadConnection(var name) -> charon.tell(charon -> charon.unload(name));
        case EngineStep.ForgetSecrets(var ids) ->
            charon.tell(charon -> {
              for (String id : ids) charon.forgetSecret(id);
            });
        case EngineStep.LoadCrl(var crl) -> {
          leaveMark();
          unfinished =
              unfinished.withCrlLoaded(
                  charon.ask(charon -> {
                    charon.load(crl);
                    return charon.associations();
                  }));
        }
        case EngineStep.ForgetCredentials _ -> {
          leaveMark();
          unfinished = unfinished.withCredentialsForgotten();
          charon.tell(Charon::forgetCredentials);
        }
        case EngineStep.EndPeers(var associations) ->
            charon.tell(charon -> {
              for (long association : associations) charon.endIke(association);
            });
        case EngineStep.EndAssociations(var children) ->
            charon.tell(charon -> {
              for (long child : children) charon.endChild(child);
            });
        case EngineStep.LoadGate _, EngineStep.RemoveGate _, EngineStep.ChangePolicies _ ->
            throw new IllegalArgumentException("not a step of negotiation: " + step);
      }
    } catch (ToolException | IkeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  /// For the next life of ours, should this one end before the plan does.
  private void leaveMark() throws EngineException {
    try {
      Files.write(mark, new byte[0]);
    } catch (IOException e) {
      throw new EngineException("cannot write " + mark + ": " + e.getMessage(), e);
    }
  }
}
