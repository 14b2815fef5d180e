/// A host's policy and view go in; a kernel that enforces it, and how each rule stands, come out.
/// Knows nothing of servers, directories or threads: one caller at a time.
@NullMarked
package dev.reeve.engine;

import org.jspecify.annotations.NullMarked;
