package dev.reeve.trust;

import dev.reeve.model.bundle.Refusal;

/// Leaves the steps of a signature check early; becomes a value at its end.
final class RefusedException extends Exception {

  private final Refusal reason;
  private final String detail;

  RefusedException(Refusal reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
    this.detail = detail;
  }

  Refusal reason() {
    return reason;
  }

  String detail() {
    return detail;
  }
}
