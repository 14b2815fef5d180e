package dev.reeve.schema.read;

import java.nio.file.Path;

/// A file that gives no entries at all. The message names the file and the reason.
public final class LdifException extends Exception {

  public LdifException(Path file, String reason) {
    super(file + ": " + reason);
  }
}
