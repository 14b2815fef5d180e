package dev.reeve.model.spd;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /// One line per exemption, entry, conflict and unresolved filter, in their order.
  public String toText() {
    return SpdText.write(this);
  }
}
