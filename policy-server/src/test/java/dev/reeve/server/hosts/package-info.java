@NullMarked
package dev.reeve.server.hosts;

import org.jspecify.annotations.NullMarked;
