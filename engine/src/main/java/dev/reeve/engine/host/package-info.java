/// Reads what a host knows of itself (resolvers, routes, leases, clocks) into a `HostView`. Knows
/// nothing of policies.
@NullMarked
package dev.reeve.engine.host;

import org.jspecify.annotations.NullMarked;
