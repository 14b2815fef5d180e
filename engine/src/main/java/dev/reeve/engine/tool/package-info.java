/// A program of the host and its input go in; its output comes out. Knows nothing of what it says.
@NullMarked
package dev.reeve.engine.tool;

import org.jspecify.annotations.NullMarked;
