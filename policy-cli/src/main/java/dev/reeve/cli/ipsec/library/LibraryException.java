package dev.reeve.cli.ipsec.library;

/// What a command asks for cannot be: it names what is not there, or what is.
public final class LibraryException extends Exception {

  private static final long serialVersionUID = 1;

  public LibraryException(String message) {
    super(message);
  }
}
