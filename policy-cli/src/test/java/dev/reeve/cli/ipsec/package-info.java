@NullMarked
package dev.reeve.cli.ipsec;

import org.jspecify.annotations.NullMarked;
