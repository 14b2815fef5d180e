/// Requests go in, whole and bounded answers come out: HTTP/1.1 over one TLS socket, no more than
/// the agent needs. Knows nothing of policies.
@NullMarked
package dev.reeve.agent.http;

import org.jspecify.annotations.NullMarked;
