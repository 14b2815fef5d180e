@NullMarked
package dev.reeve.server.directory.embedded;

import org.jspecify.annotations.NullMarked;
