package dev.reeve.cli.lab;

/// Something on this machine did not do what the lab needs; the message says what, for people.
public final class LabException extends Exception {

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message + ": " + reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
