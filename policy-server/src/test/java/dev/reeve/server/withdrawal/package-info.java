@NullMarked
package dev.reeve.server.withdrawal;

import org.jspecify.annotations.NullMarked;
