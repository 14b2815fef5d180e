@NullMarked
package dev.reeve.cli.server;

import org.jspecify.annotations.NullMarked;
