package dev.reeve.engine.tool;

/// A program could not be run, took too long, or said that it failed. The message is for people.
public final class ToolException extends Exception {

  public ToolException(String message) {
    super(message);
  }

  public ToolException(String message, Throwable cause) {
    super(message, cause);
  }
}
