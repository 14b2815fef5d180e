package dev.reeve.engine.xfrm;

/// The kernel's policies in short.
///
/// @param count of all, ours and others'
/// @param ours a digest of our own; 0 where there are too many to read
public record PolicyMark(PolicyCount count, int ours) {}
