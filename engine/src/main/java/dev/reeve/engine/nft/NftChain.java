package dev.reeve.engine.nft;

import java.util.List;
import java.util.Optional;

/// A chain; one with a hook is a base chain, whose policy is always accept.
public record NftChain(String name, Optional<Hook> hook, List<NftRule> rules) {

  public NftChain {
    rules = List.copyOf(rules);
  }

  /// @param point `prerouting`, `input`, `forward`, `postrouting`
  /// @param priority lower is earlier
  public record Hook(String point, int priority) {}

  boolean sameAs(NftChain other) {
    if (!hook.equals(other.hook) || rules.size() != other.rules.size()) return false;
    for (int i = 0; i < rules.size(); i++) {
      if (!rules.get(i).sameAs(other.rules.get(i))) return false;
    }
    return true;
  }

  String toText() {
    var text = new StringBuilder("  chain ").append(name).append(" {\n");
    hook.ifPresent(h ->
        text.append("    type filter hook ")
            .append(h.point())
            .append(" priority ")
            .append(h.priority())
            .append("; policy accept;\n"));
    for (NftRule rule : rules) text.append("    ").append(rule.toText()).append('\n');
    return text.append("  }\n").toString();
  }
}
