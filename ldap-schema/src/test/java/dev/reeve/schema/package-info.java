@NullMarked
package dev.reeve.schema;

import org.jspecify.annotations.NullMarked;
