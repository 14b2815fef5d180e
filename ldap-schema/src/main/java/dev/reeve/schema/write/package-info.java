/// The model in, directory entries out: the other half of `read`. Knows nothing of directories that
/// keep them.
@NullMarked
package dev.reeve.schema.write;

import org.jspecify.annotations.NullMarked;
