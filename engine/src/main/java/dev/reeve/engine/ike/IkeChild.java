package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What may be protected by one kind of association: a CHILD_SA configuration.
///
/// @param reqid ties the associations to our policies and to the gate
/// @param proposals in charon's words, most preferred first
/// @param local, remote traffic selectors in charon's words
/// @param tunnel the two ends of a tunnel; empty for transport mode
public record IkeChild(
    long reqid,
    Role role,
    Kind kind,
    List<String> proposals,
    List<String> local,
    List<String> remote,
    Optional<Ends> tunnel,
    Duration lifetime,
    long kilobytes) {

  /// RFC 9478; it stays between the two IKE daemons.
  private static final String AROUND = "ah-around-esp";

  public IkeChild {
    proposals = List.copyOf(proposals);
    local = List.copyOf(local);
    remote = List.copyOf(remote);
  }

  /// Says which request id and, by a digest, all that charon is told: of what it holds, charon
  /// tells no more than names, and it may have been told by an older agent.
  public String name() {
    return "r%08x-%s".formatted(reqid, IkeNames.of(toVici()));
  }

  ViciMessage toVici() {
    return ViciMessage.of(this::write);
  }

  private void write(ViciMessage.Builder out) {
    long seconds = lifetime.toSeconds();
    long bytes = kilobytes * 1024;
    boolean around = kind == Kind.AH_AROUND_ESP;
    out.put("mode", tunnel.isPresent() ? "tunnel" : "transport")
        .list("local_ts", local)
        .list("remote_ts", remote)
        .list(kind == Kind.ESP ? "esp_proposals" : "ah_proposals", proposals)
        .put("reqid", reqid)
        .put("policies", role == Role.RESPOND && !around)
        .put("life_time", seconds + "s")
        .put("rekey_time", IkeConnection.rekey(lifetime) + "s")
        .put("rand_time", seconds / 20 + "s")
        .put("life_bytes", bytes)
        .put("rekey_bytes", bytes / 10 * 9)
        .put("rand_bytes", bytes / 20)
        .put("start_action", role == Role.START ? "trap" : "none")
        .put("close_action", "none")
        .put("dpd_action", "clear");
    if (role == Role.RESPOND) out.put("priority", IkeConnection.RESPOND_PRIORITY);
    if (around) out.put("label", AROUND).put("label_mode", "simple");
  }

  public record Ends(IpAddress local, IpAddress remote) {
    @Override
    public String toString() {
      return local + "-" + remote;
    }
  }

  /// The same, for a connection beside the one that starts it.
  public IkeChild answering() {
    return role != Role.START
        ? this
        : new IkeChild(
            reqid, Role.ANSWER, kind, proposals, local, remote, tunnel, lifetime, kilobytes);
  }

  public enum Kind {
    ESP,
    AH,
    /// For packets that are ESP already. IKE agrees on it apart; a label tells it from that of the
    /// ESP within, whose traffic is the same.
    AH_AROUND_ESP
  }

  public enum Role {
    /// Negotiates when the kernel asks, and answers. The kernel's policies are ours.
    START,
    /// Answers only. The kernel's policies are ours.
    ANSWER,
    /// Answers only, and charon puts narrow policies into the kernel for as long as the association
    /// lives: the default response.
    RESPOND
  }
}
