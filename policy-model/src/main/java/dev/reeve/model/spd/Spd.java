package dev.reeve.model.spd;

import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.net.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The security policy database of a host: what happens to every packet.
///
/// The first entry that matches decides, unless an exemption lets the packet pass; exemptions do
/// not reach what a tunnel rule matches. A packet that nothing matches is delivered.
///
/// @param entries most specific first: a total order
/// @param conflicts equal weight, overlapping traffic, different action: the stricter stands first
/// @param unresolved filters that match nothing on this host now, and why
public record Spd(
    List<Exemption> exemptions,
    List<SpdEntry> entries,
    List<Conflict> conflicts,
    List<Unresolved> unresolved) {

  /// An ephemeral one: filters for a client's own port are about none.
  private static final int SOME_PORT = 49_152;

  public Spd {
    exemptions = List.copyOf(exemptions);
    entries = List.copyOf(entries);
    conflicts = List.copyOf(conflicts);
    unresolved = List.copyOf(unresolved);
  }

  /// Two entries of which neither is more specific. An entry that meets several stricter ones is
  /// listed once, with the first of them.
  ///
  /// @param wins the stricter one
  public record Conflict(SpdEntry wins, SpdEntry loses) {

    @Override
    public String toString() {
      return "%s from %s and %s from %s are equally specific; %s wins"
          .formatted(wins.action(), wins.origin(), loses.action(), loses.origin(), wins.action());
    }
  }

  /// A filter of an active rule that gives no entry.
  ///
  /// @param action what therefore does not happen
  /// @param detail for people
  public record Unresolved(SpdEntry.Origin origin, SpdAction action, String detail)
      implements Comparable<Unresolved> {

    @Override
    public int compareTo(Unresolved other) {
      return Comparator.comparing(Unresolved::toString).compare(this, other);
    }

    @Override
    public String toString() {
      return "%s by %s is not in force: %s".formatted(action, origin, detail);
    }
  }

  /// What decides a packet.
  public sealed interface Decision {
    record Exempt(Exemption exemption) implements Decision {}

    record Matched(SpdEntry entry) implements Decision {}

    /// No rule speaks of it.
    enum Delivered implements Decision {
      DELIVERED
    }
  }

  public Decision lookup(Packet packet) {
    Optional<SpdEntry> entry =
        entries.stream().filter(e -> e.selector().matches(packet)).findFirst();
    if (entry.isPresent() && entry.get().tunnel()) return new Decision.Matched(entry.get());
    Optional<Exemption> exemption = exemptions.stream().filter(e -> e.matches(packet)).findFirst();
    if (exemption.isPresent()) return new Decision.Exempt(exemption.get());
    return entry.isPresent() ? new Decision.Matched(entry.get()) : Decision.Delivered.DELIVERED;
  }

  /// Whether some traffic with that peer is asked to be secured and goes on in clear when it cannot
  /// be: a rule that requests it stands before any that decides all of it.
  public boolean requests(IpAddress peer) {
    return requests(peer, Selector::source, Selector::destination)
        || requests(peer, Selector::destination, Selector::source);
  }

  private boolean requests(
      IpAddress peer, Function<Selector, SpdAddress> its, Function<Selector, SpdAddress> own) {
    for (SpdEntry entry : entries) {
      if (!its.apply(entry.selector()).matches(peer, false)) continue;
      if (entry.action() instanceof SpdAction.Negotiate(var posture, var usable)
          && usable
          && posture == Posture.REQUEST) return true;
      SpdAddress here = own.apply(entry.selector());
      boolean ours = here == SpdAddress.Me.ME || here == SpdAddress.Any.ANY;
      if (ours && entry.selector().isAllTraffic()) return false;
    }
    return false;
  }

  /// What stands in the host's report: every exemption, and of those that keep this host in reach
  /// of its servers the rule that would have cut it off.
  public List<String> exemptLines() {
    return exemptions.stream()
        .map(exemption ->
            exemption
                + overruled(exemption)
                    .map(entry ->
                        "; rule '%s' (%s) says: %s"
                            .formatted(
                                entry.origin().ruleName(), entry.origin().store(), entry.action()))
                    .orElse(""))
        .toList();
  }

  private Optional<SpdEntry> overruled(Exemption lifeline) {
    if (!lifeline.isLifeline()) return Optional.empty();
    IpAddress peer = lifeline.peers().getFirst();
    int port = lifeline.peerPorts().first();
    var packet = Packet.outbound(peer, peer, lifeline.protocol(), SOME_PORT, port);
    return entries.stream()
        .filter(e -> e.selector().matches(packet))
        .findFirst()
        .filter(e -> !e.tunnel() && e.action() != SpdAction.Permit.PERMIT);
  }

  /// One line per exemption, entry, conflict and unresolved filter, in their order.
  public String toText() {
    return SpdText.write(this);
  }
}
