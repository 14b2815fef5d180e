@NullMarked
package dev.reeve.cli.lab;

import org.jspecify.annotations.NullMarked;
