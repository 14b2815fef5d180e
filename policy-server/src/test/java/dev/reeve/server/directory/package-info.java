@NullMarked
package dev.reeve.server.directory;

import org.jspecify.annotations.NullMarked;
