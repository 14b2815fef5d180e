/// Text in, a checked tree out, and canonical text back: the one JSON reader and writer of every
/// wire and disk form. Knows nothing of what the documents mean.
@NullMarked
package dev.reeve.model.json;

import org.jspecify.annotations.NullMarked;
