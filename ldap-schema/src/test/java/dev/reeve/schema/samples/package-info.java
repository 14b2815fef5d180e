@NullMarked
package dev.reeve.schema.samples;

import org.jspecify.annotations.NullMarked;
