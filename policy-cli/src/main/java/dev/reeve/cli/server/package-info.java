/// Starts a server and talks to a running one through its local socket.
@NullMarked
package dev.reeve.cli.server;

import org.jspecify.annotations.NullMarked;
