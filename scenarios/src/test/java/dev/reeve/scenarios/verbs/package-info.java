@NullMarked
package dev.reeve.scenarios.verbs;

import org.jspecify.annotations.NullMarked;
