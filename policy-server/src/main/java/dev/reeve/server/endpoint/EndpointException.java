package dev.reeve.server.endpoint;

/// The endpoint could not be opened; the message names address and port.
public final class EndpointException extends Exception {
  public EndpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
