package dev.reeve.server.withdrawal;

import dev.reeve.model.bundle.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// When a withdrawal is too large to be let through unasked. Pure.
///
/// @param atLeast fewer hosts than this always pass
/// @param percent of the hosts that have policy; only more than this is held
public record BrakeRule(int atLeast, int percent) {

  public static final BrakeRule DEFAULT = new BrakeRule(5, 10);

  /// A directory that is emptied entry by entry is one change as well.
  static final Duration LATELY = Duration.ofHours(1);

  public BrakeRule {
    if (percent < 0 || percent > 100)
      throw new IllegalArgumentException(percent + " %, expected 0 to 100");
  }

  public boolean holds(int withdrawn, int hadPolicy) {
    return withdrawn >= atLeast && withdrawn * 100L > (long) percent * hadPolicy;
  }

  /// @param leaving those that lose policy, held or not
  /// @param settled confirmed hosts that have their policy after all
  /// @param pending how many are confirmed and still have to be told
  record Decision(Hold hold, Map<HostId, Parts> leaving, List<HostId> settled, int pending) {}

  /// @param none what the directory now says a host has none of; nothing for one it cannot judge
  Decision decide(Collection<Remembered> fleet, Function<HostId, Parts> none, Instant now) {
    var leaving = new TreeMap<String, Hold.Held>();
    var withdrawn = new HashSet<HostId>();
    var settled = new ArrayList<HostId>();
    int had = 0;
    int pending = 0;
    for (Remembered host : fleet) {
      boolean wentUnasked = host.wentUnasked(now, LATELY);
      if (!host.had().isNone() || wentUnasked) had++;
      if (wentUnasked) withdrawn.add(host.host());
      if (host.had().isNone()) continue;
      Parts goes = host.had().and(none.apply(host.host()));
      if (host.mayGo()) {
        if (goes.isNone()) settled.add(host.host());
        else pending++;
      } else if (!goes.isNone()) {
        withdrawn.add(host.host());
        leaving.put(host.host().text(), new Hold.Held(host.host(), host.computer(), goes));
      }
    }
    boolean holds = !leaving.isEmpty() && holds(withdrawn.size(), had);
    var hold = new Hold(holds ? List.copyOf(leaving.values()) : List.of(), withdrawn.size(), had);
    var parts = new HashMap<HostId, Parts>();
    leaving.values().forEach(h -> parts.put(h.host(), h.parts()));
    return new Decision(hold, parts, settled, pending);
  }
}
