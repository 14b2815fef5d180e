package dev.reeve.scenarios;

/// A steps file makes no sense; the message names file and line.
final class ScriptException extends Exception {

  ScriptException(String message) {
    super(message);
  }
}
