package dev.reeve.model.gp;

/// A GPO on a SOM.
///
/// @param gpo the identity of a GPO is its DN: the default GUIDs exist in every domain
/// @param linkOrder 1 wins within a SOM
public record GpLink(Dn gpo, int linkOrder, boolean enabled, boolean enforced) {}
