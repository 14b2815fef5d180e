@NullMarked
package dev.reeve.schema.ms;

import org.jspecify.annotations.NullMarked;
