@NullMarked
package dev.reeve.cli.host;

import org.jspecify.annotations.NullMarked;
