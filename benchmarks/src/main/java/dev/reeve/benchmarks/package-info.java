/// Figures, each with a peer or a limit measured in the same run. Knows how to measure and to
/// report; the product knows nothing of it.
@NullMarked
package dev.reeve.benchmarks;

import org.jspecify.annotations.NullMarked;
