@NullMarked
package dev.reeve.cli.text;

import org.jspecify.annotations.NullMarked;
