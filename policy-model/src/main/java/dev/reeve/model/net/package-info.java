/// Addresses, prefixes, ranges, ports and protocols of IPv4 and IPv6; each parses its text form and
/// prints it back. Knows nothing of policy, names or the host it runs on.
@NullMarked
package dev.reeve.model.net;

import org.jspecify.annotations.NullMarked;
