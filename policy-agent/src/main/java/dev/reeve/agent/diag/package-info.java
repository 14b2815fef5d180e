/// A host's surroundings are tried out one after the other; whether each works, and what to do,
/// comes out. Changes nothing.
@NullMarked
package dev.reeve.agent.diag;

import org.jspecify.annotations.NullMarked;
