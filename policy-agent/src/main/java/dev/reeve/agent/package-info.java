/// The process on each host: signed manifests come in, the engine is told, reports go out. One
/// thread owns the engine and drains a queue; everything else only posts to it. Knows nothing of
/// directories, nftables or the server's inside.
@NullMarked
package dev.reeve.agent;

import org.jspecify.annotations.NullMarked;
