/// Real directory servers of this machine, each in a directory of its own and on loopback alone,
/// for tests and benchmarks.
@NullMarked
package dev.reeve.lab;

import org.jspecify.annotations.NullMarked;
