@NullMarked
package dev.reeve.server.endpoint;

import org.jspecify.annotations.NullMarked;
