package dev.reeve.schema.read;

import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;
import java.util.Optional;

/// Attributes that hold a number.
final class Numbers {

  private Numbers() {}

  /// @throws WrongAttribute with `code`, when there is a value and it is no number
  static Optional<Long> find(LdapEntry entry, LdapAttribute attribute, Code code) {
    Optional<String> text = entry.text(attribute).map(String::strip);
    try {
      return text.map(Long::valueOf);
    } catch (NumberFormatException _) {
      throw new WrongAttribute(
          attribute, code, "found '" + text.orElse("") + "', expected a number");
    }
  }
}
