@NullMarked
package dev.reeve.schema.change;

import org.jspecify.annotations.NullMarked;
