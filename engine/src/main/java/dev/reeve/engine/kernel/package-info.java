/// The kernel's own interfaces, netlink sockets and files below `/proc`, of one network or another.
/// Knows nothing of what they say.
@NullMarked
package dev.reeve.engine.kernel;

import org.jspecify.annotations.NullMarked;
