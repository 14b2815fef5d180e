package dev.reeve.server.directory;

/// A saved picture cannot be used. The message says which file and why.
public final class PictureException extends Exception {

  PictureException(String message) {
    super(message);
  }

  PictureException(String message, Throwable cause) {
    super(message, cause);
  }
}
