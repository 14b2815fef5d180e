package dev.reeve.model.gp;

import java.util.List;
import java.util.Set;

/// Who may apply a GPO.
public sealed interface SecurityFilter {

  enum Everyone implements SecurityFilter {
    EVERYONE
  }

  /// `reeveGpoScope`: deny wins; no apply group means everyone.
  record Groups(Set<Dn> apply, Set<Dn> deny) implements SecurityFilter {
    public Groups {
      apply = Set.copyOf(apply);
      deny = Set.copyOf(deny);
    }
  }

  /// The entries of an Active Directory DACL that speak of Apply-Group-Policy, in stored order: the
  /// first that names a trustee in the token decides, none of them denies. Source: MS-ADTS
  /// 5.1.3.3.4.
  record AccessList(List<Ace> entries) implements SecurityFilter {
    public AccessList {
      entries = List.copyOf(entries);
    }
  }

  /// @param trustee a SID in its text form
  record Ace(boolean allow, String trustee) {}
}
