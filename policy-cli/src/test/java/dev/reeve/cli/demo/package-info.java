@NullMarked
package dev.reeve.cli.demo;

import org.jspecify.annotations.NullMarked;
