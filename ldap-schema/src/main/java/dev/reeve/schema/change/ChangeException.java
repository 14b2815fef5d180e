package dev.reeve.schema.change;

import dev.reeve.model.gp.Dn;

/// A change that a directory would refuse. The message names line, entry, attribute and reason.
public final class ChangeException extends Exception {

  /// @param line of the file
  /// @param attribute empty for the entry as a whole
  ChangeException(int line, Dn dn, String attribute, String reason) {
    this(line, dn.toString(), attribute, reason);
  }

  ChangeException(int line, String dn, String attribute, String reason) {
    super(
        "line " + line + ": " + dn + ": " + (attribute.isEmpty() ? "" : attribute + ": ") + reason);
  }
}
