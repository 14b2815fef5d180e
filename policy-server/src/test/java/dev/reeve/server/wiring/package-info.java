@NullMarked
package dev.reeve.server.wiring;

import org.jspecify.annotations.NullMarked;
