package dev.reeve.engine;

import dev.reeve.engine.nft.Gate;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.RuleTraffic;
import dev.reeve.model.status.RuleTraffic.Count;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the gate counted, also in the tables that were replaced: each new one starts at nothing.
final class GateCounts {

  private record Rule(Store store, String id) {}

  private record Both(Count dropped, Count clear) {
    static final Both NONE = new Both(Count.NONE, Count.NONE);

    Both plus(Both other) {
      return new Both(dropped.plus(other.dropped), clear.plus(other.clear));
    }
  }

  private Map<Rule, Both> before = Map.of();

  /// That table goes, or is replaced.
  void goes(Optional<NftTable> held, Gate.Rendered rendered) {
    before = total(held, rendered);
  }

  /// Rules that dropped nothing and let nothing pass in clear are left out.
  List<RuleTraffic> now(Optional<NftTable> held, Gate.Rendered rendered, Spd spd) {
    var names = new LinkedHashMap<Rule, String>();
    for (SpdEntry entry : spd.entries()) {
      SpdEntry.Origin origin = entry.origin();
      names.putIfAbsent(new Rule(origin.store(), origin.ruleId()), origin.ruleName());
    }
    var traffic = new ArrayList<RuleTraffic>();
    total(held, rendered)
        .forEach((rule, count) -> {
          if (!names.containsKey(rule) || count.equals(Both.NONE)) return; // a rule of yesterday
          traffic.add(
              new RuleTraffic(
                  rule.store().toString(),
                  rule.id(),
                  names.getOrDefault(rule, ""),
                  count.dropped(),
                  count.clear()));
        });
    return traffic;
  }

  private Map<Rule, Both> total(Optional<NftTable> held, Gate.Rendered rendered) {
    var total = new LinkedHashMap<>(before);
    if (held.isEmpty()) return total;
    rendered
        .counters()
        .forEach((key, name) -> add(total, key, new Both(count(held.get(), name), Count.NONE)));
    rendered
        .clear()
        .forEach((key, name) -> add(total, key, new Both(Count.NONE, count(held.get(), name))));
    return total;
  }

  private static void add(Map<Rule, Both> total, Gate.RuleKey key, Both count) {
    total.merge(new Rule(key.store(), key.ruleId()), count, Both::plus);
  }

  private static Count count(NftTable table, String counter) {
    NftTable.Count count = table.counters().get(counter);
    return count == null ? Count.NONE : new Count(count.packets(), count.bytes());
  }
}
