/// Runs the promises to the user: each a folder with a domain, numbered steps and what is expected.
/// Knows how to read and report them; knows nothing of what a step does.
@NullMarked
package dev.reeve.scenarios;

import org.jspecify.annotations.NullMarked;
