/// A question about policy goes in, resultant sets of policy come out, from an LDIF file or from a
/// server. Knows nothing of agents.
@NullMarked
package dev.reeve.cli.rsop;

import org.jspecify.annotations.NullMarked;
