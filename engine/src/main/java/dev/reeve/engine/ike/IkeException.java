package dev.reeve.engine.ike;

/// There is no IKE daemon, or it did not do as it was told. The message is for people.
public final class IkeException extends Exception {

  public IkeException(String message) {
    super(message);
  }

  public IkeException(String message, Throwable cause) {
    super(message, cause);
  }
}
