package dev.reeve.model.bundle;

/// The gate's answer.
///
/// @param <T> what was let in
public sealed interface Admission<T> {

  record Accepted<T>(T value) implements Admission<T> {}

  /// @param detail for people: what was seen, what was wanted
  record Refused<T>(Refusal reason, String detail) implements Admission<T> {}
}
