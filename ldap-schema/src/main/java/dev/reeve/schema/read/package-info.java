/// Directory entries in, the model out: pure, and whatever is wrong with an entry becomes a
/// `Problem`. Knows nothing of where the entries came from.
@NullMarked
package dev.reeve.schema.read;

import org.jspecify.annotations.NullMarked;
