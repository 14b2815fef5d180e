@NullMarked
package dev.reeve.server.secrets;

import org.jspecify.annotations.NullMarked;
