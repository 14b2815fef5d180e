@NullMarked
package dev.reeve.cli.ipsec.library;

import org.jspecify.annotations.NullMarked;
