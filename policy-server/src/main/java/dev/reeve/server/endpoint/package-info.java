/// What hosts speak to: an HTTP/1.1 pipeline over mutual TLS 1.3, on its own port, that parks polls
/// without a thread each. Knows how to answer; what to answer comes through one port.
@NullMarked
package dev.reeve.server.endpoint;

import org.jspecify.annotations.NullMarked;
