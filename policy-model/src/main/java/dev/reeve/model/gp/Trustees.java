package dev.reeve.model.gp;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Whom the security filters of all GPOs speak of.
record Trustees(Set<Dn> names, Set<String> sids) {

  static Trustees of(Map<Dn, GpoEntry> gpos) {
    var names = new HashSet<Dn>();
    var sids = new HashSet<String>();
    for (GpoEntry entry : gpos.values()) {
      if (!(entry instanceof Gpo gpo)) continue;
      switch (gpo.securityFilter()) {
        case SecurityFilter.Everyone _ -> {}
        case SecurityFilter.Groups(var apply, var deny) -> {
          names.addAll(apply);
          names.addAll(deny);
        }
        case SecurityFilter.AccessList(var read, var apply) -> {
          read.forEach(ace -> sids.add(ace.trustee()));
          apply.forEach(ace -> sids.add(ace.trustee()));
        }
      }
    }
    return new Trustees(Set.copyOf(names), Set.copyOf(sids));
  }
}
