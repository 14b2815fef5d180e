package dev.reeve.engine;

/// The engine cannot work here: a tool or a right is missing. What was in force stays in force.
public final class EngineException extends Exception {
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
