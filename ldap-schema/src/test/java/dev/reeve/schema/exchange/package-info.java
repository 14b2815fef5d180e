@NullMarked
package dev.reeve.schema.exchange;

import org.jspecify.annotations.NullMarked;
