/// Talks to the agent of this host through its local socket.
@NullMarked
package dev.reeve.cli.host;

import org.jspecify.annotations.NullMarked;
