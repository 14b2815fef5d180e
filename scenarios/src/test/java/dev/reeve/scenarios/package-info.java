@NullMarked
package dev.reeve.scenarios;

import org.jspecify.annotations.NullMarked;
