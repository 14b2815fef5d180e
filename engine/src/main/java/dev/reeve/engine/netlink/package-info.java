/// Requests to the kernel and its answers, as bytes. Knows nothing of what they say.
@NullMarked
package dev.reeve.engine.netlink;

import org.jspecify.annotations.NullMarked;
