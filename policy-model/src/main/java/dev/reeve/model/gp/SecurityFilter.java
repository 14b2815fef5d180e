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

  /// The entries of an Active Directory DACL that speak of Read, and those that speak of
  /// Apply-Group-Policy, in stored order: the first that names a trustee in the token decides, none
  /// of them denies. A GPO needs both rights: what a computer may not read it does not find.
  /// Source: MS-ADTS 5.1.3.3.2 (Read), 5.1.3.3.4 (Apply-Group-Policy).
  record AccessList(List<Ace> read, List<Ace> apply) implements SecurityFilter {
    public AccessList {
      read = List.copyOf(read);
      apply = List.copyOf(apply);
    }
  }

  /// @param trustee a SID in its text form
  record Ace(boolean allow, String trustee) {}
}
