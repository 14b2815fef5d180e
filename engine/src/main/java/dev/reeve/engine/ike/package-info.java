/// What an IKE daemon should know, as values, and how a charon is told and asked. Knows nothing of
/// policies or nftables.
@NullMarked
package dev.reeve.engine.ike;

import org.jspecify.annotations.NullMarked;
