@NullMarked
package dev.reeve.schema.rsop;

import org.jspecify.annotations.NullMarked;
