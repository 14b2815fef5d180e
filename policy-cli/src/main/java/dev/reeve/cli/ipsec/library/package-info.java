/// Policies, filter lists and filter actions under their names, as `ipsec static` works on them: a
/// library and the words of a command go in, another library comes out. Knows nothing of hosts,
/// stores or agents.
@NullMarked
package dev.reeve.cli.ipsec.library;

import org.jspecify.annotations.NullMarked;
