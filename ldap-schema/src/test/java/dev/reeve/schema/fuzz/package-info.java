/// Whatever a directory may hold, its parsers answer: with a value, or with the one exception they
/// are known by. Coverage-guided fuzzing (`build/fuzz`) looks for bytes that break this; the ones
/// it kept are replayed by every build.
package dev.reeve.schema.fuzz;
