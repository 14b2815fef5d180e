@NullMarked
package dev.reeve.benchmarks;

import org.jspecify.annotations.NullMarked;
