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

  static NftChain base(String name, String point, int priority, List<NftRule> rules) {
    return new NftChain(name, Optional.of(new Hook(point, priority)), rules);
  }

  /// Where `held` differs from these rules, in words.
  Optional<String> differenceIn(NftChain held) {
    if (!hook.equals(held.hook)) return Optional.of("hangs on another hook");
    for (int i = 0; i < Math.min(rules.size(), held.rules.size()); i++) {
      if (rules.get(i).sameAs(held.rules.get(i))) continue;
      return Optional.of(
          "has as rule %d '%s', expected '%s'"
              .formatted(i + 1, held.rules.get(i).toText(), rules.get(i).toText()));
    }
    return rules.size() == held.rules.size()
        ? Optional.empty()
        : Optional.of("has %d rules, expected %d".formatted(held.rules.size(), rules.size()));
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
