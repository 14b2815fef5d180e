package dev.reeve.schema.read;

import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;

/// An attribute that keeps its entry from being read. Thrown and caught within one reader, which
/// makes a problem of it.
final class WrongAttribute extends IllegalArgumentException {

  private final LdapAttribute attribute;
  private final Code code;

  WrongAttribute(LdapAttribute attribute, Code code, String detail) {
    super(Problems.shortened(detail));
    this.attribute = attribute;
    this.code = code;
  }

  LdapAttribute attribute() {
    return attribute;
  }

  Code code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
