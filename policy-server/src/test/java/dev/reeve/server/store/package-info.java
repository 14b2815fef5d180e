@NullMarked
package dev.reeve.server.store;

import org.jspecify.annotations.NullMarked;
