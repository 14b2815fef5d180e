package dev.reeve.model.spd;

import java.util.List;

/// The security policy database of a host: what happens to every packet.
///
/// Exemptions are looked at first; then the first entry that matches decides; a packet that nothing
/// matches is delivered.
///
/// @param entries most specific first: a total order
/// @param conflicts equal weight, overlapping traffic, different action: the stricter stands first
/// @param unresolved DNS names and server roles that mean no address on this host now, in words
public record Spd(
    List<Exemption> exemptions,
    List<SpdEntry> entries,
    List<Conflict> conflicts,
    List<String> unresolved) {

  public Spd {
    exemptions = List.copyOf(exemptions);
    entries = List.copyOf(entries);
    conflicts = List.copyOf(conflicts);
    unresolved = List.copyOf(unresolved);
  }

  /// @param wins the stricter one
  public record Conflict(SpdEntry wins, SpdEntry loses) {}
}
