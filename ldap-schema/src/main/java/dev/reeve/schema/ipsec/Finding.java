package dev.reeve.schema.ipsec;

/// Something that one form of an IPsec policy says and another has no words for. Nothing is left
/// out without one.
///
/// @param policy the policy's name, else its id; empty when it concerns none
/// @param object the part of the policy, as people call it; empty for the policy as a whole
/// @param detail for people: what was there, and what became of it
public record Finding(Effect effect, Code code, String policy, String object, String detail) {

  /// What became of it, the worst last.
  public enum Effect {
    /// It is carried over, but not everybody reads it alike, or nobody needs it.
    NOTE,
    /// Something close to it stands in its place.
    CHANGED,
    /// It is left out; the policy works without it.
    LEFT_OUT,
    /// The policy would not be itself without it: none of it is written.
    REFUSED
  }

  /// Stable: searched for, counted and translated.
  public enum Code {
    ALGORITHM,
    AMBIGUOUS_ALGORITHM,
    PFS_GROUP,
    KILOBYTES,
    MAIN_MODE_LIMITS,
    MAIN_MODE_UNUSED,
    NO_PROPOSAL_LEFT,
    NO_OFFER_LEFT,
    NO_AUTHENTICATION_LEFT,
    PRE_SHARED_KEY,
    SECRET_READABLE,
    TEXT,
    TUNNEL_ENDPOINT,
    FILTER,
    DNS_NAME,
    NO_RULE,
    OBJECT_ID,
    UNKNOWN_BYTES,
    UNREADABLE,
    UNREFERENCED,
    VERSION_INFORMATION
  }

  /// Whether something is lost by it.
  public boolean isLoss() {
    return effect != Effect.NOTE;
  }
}
