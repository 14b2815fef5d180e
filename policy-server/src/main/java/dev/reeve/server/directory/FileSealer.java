package dev.reeve.server.directory;

/// Port: makes a file's content unreadable to others, and any change of it noticed.
public interface FileSealer {

  /// @param heading stands before it in clear, and cannot be changed either
  byte[] sealFile(byte[] heading, byte[] content);

  /// @throws IllegalArgumentException when it was not sealed by this sealer, with this heading
  byte[] openFile(byte[] heading, byte[] sealed);
}
