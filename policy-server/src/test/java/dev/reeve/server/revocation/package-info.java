@NullMarked
package dev.reeve.server.revocation;

import org.jspecify.annotations.NullMarked;
