package dev.reeve.model.bundle;

import dev.reeve.model.ipsec.IpsecPolicy;
import java.util.Optional;

/// What a bundle says of a policy. "No policy is meant" and "policy unknown" cannot be confused.
public sealed interface Assignment {

  record Assigned(IpsecPolicy policy) implements Assignment {}

  enum Unassigned implements Assignment {
    UNASSIGNED
  }

  enum Unknown implements Assignment {
    UNKNOWN
  }

  /// The policy to enforce, given the one in force: unknown keeps it.
  default Optional<IpsecPolicy> orKeep(Optional<IpsecPolicy> inForce) {
    return switch (this) {
      case Assigned(var policy) -> Optional.of(policy);
      case Unassigned _ -> Optional.empty();
      case Unknown _ -> inForce;
    };
  }
}
