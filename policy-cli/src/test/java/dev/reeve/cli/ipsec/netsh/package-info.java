@NullMarked
package dev.reeve.cli.ipsec.netsh;

import org.jspecify.annotations.NullMarked;
