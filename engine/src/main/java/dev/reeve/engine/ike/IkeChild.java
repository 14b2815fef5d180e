package dev.reeve.engine.ike;

import dev.reeve.model.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What may be protected by one kind of association: a CHILD_SA configuration.
///
/// @param name generated; says which request id and, by a digest, which traffic
/// @param reqid ties the associations to our policies and to the gate
/// @param proposals in charon's words, most preferred first
/// @param local, remote traffic selectors in charon's words
/// @param tunnel the two ends of a tunnel; empty for transport mode
public record IkeChild(
    String name,
    long reqid,
    Role role,
    Kind kind,
    List<String> proposals,
    List<String> local,
    List<String> remote,
    Optional<Ends> tunnel,
    Duration lifetime,
    long kilobytes) {

  public IkeChild {
    proposals = List.copyOf(proposals);
    local = List.copyOf(local);
    remote = List.copyOf(remote);
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
            name, reqid, Role.ANSWER, kind, proposals, local, remote, tunnel, lifetime, kilobytes);
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
