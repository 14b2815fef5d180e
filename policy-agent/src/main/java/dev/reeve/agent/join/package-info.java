/// A join string goes in; a membership, safe on the disk, comes out. The one moment when a host and
/// a server do not know each other yet.
@NullMarked
package dev.reeve.agent.join;

import org.jspecify.annotations.NullMarked;
