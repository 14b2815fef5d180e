@NullMarked
package dev.reeve.schema.write;

import org.jspecify.annotations.NullMarked;
