package dev.reeve.model.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.ipsec.IpsecPolicy;

/// What a computer's GPOs say of one kind of policy.
public sealed interface PolicyResult {

  /// @param by the GPO that won
  record Assigned(Gpo by, Dn dn, IpsecPolicy policy) implements PolicyResult {}

  /// A complete read says: none.
  enum Unassigned implements PolicyResult {
    UNASSIGNED
  }

  /// Something that could have decided is missing or unreadable; the host keeps what it has.
  ///
  /// @param because one sentence for people; it names the entry
  record Unknown(String because) implements PolicyResult {}
}
