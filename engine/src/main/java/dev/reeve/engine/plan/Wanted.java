package dev.reeve.engine.plan;

import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.nft.Gate;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;

/// What the kernel and charon should hold.
public record Wanted(Gate.Rendered gate, Negotiations negotiations) {

  /// The one compile step: nothing after it looks at a policy.
  public static Wanted of(HostPolicy policy, Spd spd, HostView view, Means means) {
    Negotiations negotiations = Negotiations.of(policy, spd, view, means);
    return new Wanted(
        Gate.render(spd, view, negotiations.protections(), policy.settings().ipsecDiagnostics()),
        negotiations);
  }

  /// For people and golden files: what each part is told.
  public String toText() {
    var text = new StringBuilder();
    gate.table().ifPresent(table -> text.append(table.toText()));
    negotiations.policies().forEach(policy -> text.append(policy.toUpdate()).append('\n'));
    negotiations.connections().forEach(connection -> text.append(connection.toVici()).append('\n'));
    return text.toString();
  }
}
