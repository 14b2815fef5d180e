/// What a step can say: one small class per verb, from its words to what it does in the lab. Knows
/// nothing of folders or reports.
@NullMarked
package dev.reeve.scenarios.verbs;

import org.jspecify.annotations.NullMarked;
