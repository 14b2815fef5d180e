package dev.reeve.model.status;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.time.Instant;

/// Why nothing could be negotiated with a peer, most recently.
///
/// @param peer its address
/// @param detail for people: what was offered, what was wanted, which certificate
/// @param first when this reason was first seen since the last success
/// @param count how often since then
/// @param downgraded whether a rule that requests security lets its traffic pass in clear
public record PeerFailure(
    String peer,
    Reason reason,
    String detail,
    Instant first,
    Instant last,
    long count,
    boolean downgraded) {

  /// Stable: searched for and counted.
  public enum Reason {
    /// The peer does not answer IKE.
    NO_ANSWER,
    /// No main-mode proposal in common: ciphers, hashes or DH groups.
    MAIN_MODE_PROPOSAL,
    /// No quick-mode offer in common.
    QUICK_MODE_PROPOSAL,
    /// The two ends' filters have no traffic in common.
    TRAFFIC,
    /// The two ends do not have the same pre-shared key.
    PRE_SHARED_KEY,
    /// The peer's certificate is not of a CA that this host trusts for it.
    CERTIFICATE_AUTHORITY,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_REVOKED,
    /// No fresh CRL, and this host insists on one.
    REVOCATION_UNKNOWN,
    /// The peer did not accept what this host proved itself with; it alone knows why.
    REFUSED_BY_PEER,
    /// This host does not accept what the peer proved itself with, for another reason.
    NOT_AUTHENTICATED,
    /// No rule of this host negotiates with that peer.
    NO_RULE,
    /// Another host behind its NAT has an association, and in transport mode only one can.
    BEHIND_SAME_NAT,
    /// A newer reason than this program knows.
    OTHER;

    static Reason parse(String text) {
      for (Reason reason : values()) if (reason.name().equals(text)) return reason;
      return OTHER;
    }
  }

  public PeerFailure withDowngraded(boolean clear) {
    return new PeerFailure(peer, reason, detail, first, last, count, clear);
  }

  public JsonObject toJson() {
    return JsonBuilder.object()
        .put("peer", peer)
        .put("reason", reason.name())
        .put("detail", detail)
        .put("first", first.toString())
        .put("last", last.toString())
        .put("count", count)
        .put("downgraded", downgraded)
        .build();
  }

  static PeerFailure read(JsonMembers in) {
    var failure =
        new PeerFailure(
            in.string("peer"),
            in.parsed("reason", Reason::parse),
            in.string("detail"),
            in.parsed("first", StatusReport::instant),
            in.parsed("last", StatusReport::instant),
            in.number("count"),
            in.bool("downgraded"));
    var unused = in.rest();
    return failure;
  }
}
