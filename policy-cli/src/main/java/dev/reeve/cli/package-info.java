/// The `reeve` command: arguments in, text or JSON and an exit code out. Each sub-command is thin;
/// what it shows is computed elsewhere.
@NullMarked
package dev.reeve.cli;

import org.jspecify.annotations.NullMarked;
