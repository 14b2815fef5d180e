package dev.reeve.model.rsop;

/// A query that we cannot evaluate, and why.
final class WqlException extends IllegalArgumentException {

  WqlException(String detail) {
    super(detail);
  }
}
