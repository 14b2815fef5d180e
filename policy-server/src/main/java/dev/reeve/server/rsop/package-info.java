/// Resultant sets of policy for people: planning and logging over HTTPS. Knows nothing of how
/// snapshots come about.
@NullMarked
package dev.reeve.server.rsop;

import org.jspecify.annotations.NullMarked;
