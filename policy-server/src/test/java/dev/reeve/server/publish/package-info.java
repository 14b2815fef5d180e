@NullMarked
package dev.reeve.server.publish;

import org.jspecify.annotations.NullMarked;
