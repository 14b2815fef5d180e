@NullMarked
package dev.reeve.schema.read;

import org.jspecify.annotations.NullMarked;
