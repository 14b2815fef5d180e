package dev.reeve.server.directory;

/// A directory could not be reached or read. The message says which and what to do.
public final class DirectoryException extends Exception {

  public DirectoryException(String message) {
    super(message);
  }

  public DirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
