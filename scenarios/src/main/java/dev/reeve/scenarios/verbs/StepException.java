package dev.reeve.scenarios.verbs;

/// A line of a steps file makes no sense; the message says what was found and what was expected.
public final class StepException extends Exception {

  public StepException(String message) {
    super(message);
  }
}
