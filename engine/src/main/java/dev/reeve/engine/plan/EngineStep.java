package dev.reeve.engine.plan;

import dev.reeve.engine.nft.NftTable;

/// One thing to do to the kernel. `toString` says it in words.
public sealed interface EngineStep {

  /// In one transaction, whether a table is there or not.
  record LoadGate(NftTable table) implements EngineStep {
    @Override
    public String toString() {
      int rules = table.chains().stream().mapToInt(chain -> chain.rules().size()).sum();
      return "load table inet reeve with " + rules + " rules, content " + table.content();
    }
  }

  record RemoveGate() implements EngineStep {
    @Override
    public String toString() {
      return "remove table inet reeve";
    }
  }
}
