package dev.reeve.benchmarks;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.Som;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The rules as one would write them down on a first afternoon: every link of every container is
/// looked at, every group is searched anew for every GPO that names it, and nothing is remembered.
/// A yardstick, not a part of the product; sites and fact filters are left out.
final class NaiveRsop {

  private record Ranked(Gpo gpo, int depth, GpLink link) {}

  private NaiveRsop() {}

  /// The applied GPOs, highest precedence first.
  static List<Dn> resolve(DirectorySnapshot snapshot, Dn computer) {
    var applied = new ArrayList<Ranked>();
    for (Som som : snapshot.soms().values()) {
      if (!computer.isUnder(som.dn())) continue;
      for (GpLink link : som.links()) {
        if (!link.enabled()) continue;
        Optional<Gpo> gpo = find(snapshot, link.gpo());
        if (gpo.isEmpty() || !applies(snapshot, gpo.get(), computer)) continue;
        applied.add(new Ranked(gpo.get(), som.dn().depth(), link));
      }
    }
    applied.sort(
        Comparator.comparing((Ranked r) -> !r.link().enforced())
            .thenComparing(r -> r.link().enforced() ? r.depth() : -r.depth())
            .thenComparing(r -> r.link().linkOrder()));
    return applied.stream().map(r -> r.gpo().dn()).toList();
  }

  private static Optional<Gpo> find(DirectorySnapshot snapshot, Dn dn) {
    return snapshot
        .findGpo(dn)
        .flatMap(entry -> entry instanceof Gpo gpo ? Optional.of(gpo) : Optional.empty());
  }

  private static boolean applies(DirectorySnapshot snapshot, Gpo gpo, Dn computer) {
    if (gpo.computerSettingsDisabled() || gpo.machineVersion() == 0) return false;
    return switch (gpo.securityFilter()) {
      case SecurityFilter.Everyone _ -> true;
      case SecurityFilter.Groups(var apply, var deny) ->
          (apply.isEmpty() || apply.stream().anyMatch(g -> isIn(snapshot, computer, g, 0)))
              && deny.stream().noneMatch(g -> isIn(snapshot, computer, g, 0));
      case SecurityFilter.AccessList _ -> throw new IllegalArgumentException("no ACLs here");
    };
  }

  private static boolean isIn(DirectorySnapshot snapshot, Dn member, Dn wanted, int depth) {
    if (depth > 100) return false;
    Optional<Group> group = snapshot.findGroup(wanted);
    if (group.isEmpty()) return false;
    for (Dn direct : group.get().members()) {
      if (direct.equals(member) || isIn(snapshot, member, direct, depth + 1)) return true;
    }
    return false;
  }
}
