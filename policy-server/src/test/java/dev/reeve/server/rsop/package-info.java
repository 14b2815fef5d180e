@NullMarked
package dev.reeve.server.rsop;

import org.jspecify.annotations.NullMarked;
