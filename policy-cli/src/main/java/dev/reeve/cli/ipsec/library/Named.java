package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.netsh.Tags;
import java.util.Optional;

/// Names in commands.
final class Named {

  private Named() {}

  /// A name for something new.
  static String fresh(Tags tags, String tag) {
    return tags.get(tag, Named::checked);
  }

  /// What something that is there is to be called from now on; empty when that stays.
  static Optional<String> other(Tags tags) {
    return tags.find("newname", Named::checked);
  }

  private static String checked(String name) {
    boolean bad = name.isBlank() || name.equalsIgnoreCase("all") || name.length() > 255;
    if (bad || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "found '" + name + "', expected a name of 1 to 255 characters other than 'all'");
    }
    return name;
  }

  /// `name=` or `guid=`.
  static String which(Tags tags, String kind) throws LibraryException {
    return which(tags, kind, "guid");
  }

  static String which(Tags tags, String kind, String id) throws LibraryException {
    Optional<String> name = tags.find("name").or(() -> tags.find(id));
    return name.orElseThrow(
        () -> new LibraryException("which " + kind + "? Give name= or " + id + "="));
  }
}
