package dev.reeve.model.ipsec;

/// How strictly a negotiate action insists. Every text of ours uses these words.
public enum Posture {
  /// No clear packet either way.
  REQUIRE("require"),
  /// Clear in, secured out, never clear out: Microsoft's own "Require Security".
  REQUIRE_PASS_THROUGH("require, pass-through"),
  /// Secured where the peer can, clear where it cannot.
  REQUEST("request");

  private final String text;

  Posture(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
