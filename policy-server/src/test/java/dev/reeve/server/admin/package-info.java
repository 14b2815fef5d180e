@NullMarked
package dev.reeve.server.admin;

import org.jspecify.annotations.NullMarked;
