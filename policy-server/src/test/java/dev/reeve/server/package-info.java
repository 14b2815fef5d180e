@NullMarked
package dev.reeve.server;

import org.jspecify.annotations.NullMarked;
