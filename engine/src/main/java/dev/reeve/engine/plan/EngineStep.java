package dev.reeve.engine.plan;

import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.xfrm.XfrmAcquire;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmState;
import java.util.List;
import java.util.Set;

/// One thing to do to the kernel or to charon. `toString` says it in words.
public sealed interface EngineStep {

  /// In one transaction, whether a table is there or not.
  record LoadGate(NftTable table) implements EngineStep {
    @Override
    public String toString() {
      int rules = table.chains().stream().mapToInt(chain -> chain.rules().size()).sum();
      int elements = table.maps().stream().mapToInt(map -> map.elements().size()).sum();
      return "load table inet reeve with "
          + rules
          + " rules, "
          + (elements == 0 ? "" : elements + " map elements, ")
          + "content "
          + table.content();
    }
  }

  record RemoveGate() implements EngineStep {
    @Override
    public String toString() {
      return "remove table inet reeve";
    }
  }

  /// The kernel drops packets that wait for an association: kept ones would wait for every other
  /// peer of the rule too.
  record DropFirstPackets() implements EngineStep {
    @Override
    public String toString() {
      return "set net.core.xfrm_larval_drop to 1";
    }
  }

  /// With the key and certificates that it needs. Replaces one of that name.
  record LoadConnection(IkeConnection connection) implements EngineStep {
    @Override
    public String toString() {
      return "load connection " + connection;
    }
  }

  record UnloadConnection(String name) implements EngineStep {
    @Override
    public String toString() {
      return "unload connection " + name;
    }
  }

  /// First the updates, then the deletions.
  record ChangePolicies(List<XfrmPolicy> updates, List<XfrmPolicy> deletions)
      implements EngineStep {
    public ChangePolicies {
      updates = List.copyOf(updates);
      deletions = List.copyOf(deletions);
    }

    @Override
    public String toString() {
      return "set %d XFRM policies, delete %d".formatted(updates.size(), deletions.size());
    }

    /// In the words of `ip -batch`.
    public String toText() {
      var text = new StringBuilder();
      updates.forEach(policy -> text.append(policy.toUpdate()).append('\n'));
      deletions.forEach(policy -> text.append(policy.toDelete()).append('\n'));
      return text.toString();
    }
  }

  /// Pre-shared keys that no connection uses any more, by the names we gave them.
  record ForgetSecrets(Set<String> ids) implements EngineStep {
    public ForgetSecrets {
      ids = Set.copyOf(ids);
    }

    @Override
    public String toString() {
      return "forget " + ids.size() + " pre-shared keys";
    }
  }

  /// What peers' certificates are checked against.
  record LoadCrl(IkeCrl crl) implements EngineStep {
    @Override
    public String toString() {
      return "load " + crl;
    }
  }

  /// Keys, certificates and CRLs; what is needed is loaded again with the connections.
  record ForgetCredentials() implements EngineStep {
    @Override
    public String toString() {
      return "forget keys, certificates and CRLs";
    }
  }

  /// Main-mode associations with hosts that count no more, and all that belongs to them.
  record EndPeers(Set<Long> associations) implements EngineStep {
    public EndPeers {
      associations = Set.copyOf(associations);
    }

    @Override
    public String toString() {
      return "end associations with " + associations.size() + " peers that are refused now";
    }
  }

  /// Of terms that no rule has any more.
  record EndAssociations(Set<Long> children) implements EngineStep {
    public EndAssociations {
      children = Set.copyOf(children);
    }

    @Override
    public String toString() {
      return "end " + children.size() + " associations that no rule allows any more";
    }
  }

  /// Associations of the kernel that charon does not know: it was started anew.
  record RemoveStale(Set<XfrmState> states) implements EngineStep {
    public RemoveStale {
      states = Set.copyOf(states);
    }

    @Override
    public String toString() {
      return "remove " + states.size() + " associations that charon does not know";
    }
  }

  /// The peers of associations that were lost are called: they do not know that, and would go on
  /// sending under them until they ask whether this host still lives.
  record CallPeers(Set<XfrmAcquire> lost) implements EngineStep {
    public CallPeers {
      lost = Set.copyOf(lost);
    }

    @Override
    public String toString() {
      return "call peers for " + lost.size() + " associations that were lost";
    }
  }
}
