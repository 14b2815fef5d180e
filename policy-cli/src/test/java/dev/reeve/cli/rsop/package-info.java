@NullMarked
package dev.reeve.cli.rsop;

import org.jspecify.annotations.NullMarked;
