/// What the kernel holds and what it should hold go in; the steps between come out. Pure: knows
/// nothing of how a step is done.
@NullMarked
package dev.reeve.engine.plan;

import org.jspecify.annotations.NullMarked;
