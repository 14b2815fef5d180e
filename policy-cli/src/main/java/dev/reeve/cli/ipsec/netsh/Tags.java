package dev.reeve.cli.ipsec.netsh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// What stands behind a command: `srcaddr=me dstport=80`, each name as short as it is unique, or
/// values alone in the order in which the command has them.
public final class Tags {

  /// @param name as the command calls it
  public record Tag(String name, String value) {}

  private final String command;
  private final List<Tag> given;

  private Tags(String command, List<Tag> given) {
    this.command = command;
    this.given = List.copyOf(given);
  }

  /// @param names in the order of values without a name; one that ends in `*` may come several
  ///   times
  /// @throws IllegalArgumentException saying what was found and what was expected
  public static Tags parse(String command, List<String> names, List<String> words) {
    List<String> bare = names.stream().map(Tags::bare).toList();
    var given = new ArrayList<Tag>();
    for (String word : words) {
      Tag tag = tag(command, bare, given, word);
      boolean repeatable = names.contains(tag.name() + "*");
      if (!repeatable && given.stream().anyMatch(g -> g.name().equals(tag.name()))) {
        throw new IllegalArgumentException(command + ": " + tag.name() + " is given twice");
      }
      given.add(tag);
    }
    return new Tags(command, given);
  }

  private static String bare(String name) {
    return name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
  }

  private static Tag tag(String command, List<String> names, List<Tag> given, String word) {
    int equals = word.indexOf('=');
    if (equals <= 0) {
      return names.stream()
          .filter(name -> given.stream().noneMatch(g -> g.name().equals(name)))
          .findFirst()
          .map(name -> new Tag(name, word))
          .orElseThrow(() ->
              new IllegalArgumentException(
                  command
                      + (names.isEmpty()
                          ? ": takes no arguments, found '" + word + "'"
                          : ": '" + word + "' is one too many")));
    }
    String key = word.substring(0, equals).toLowerCase(Locale.ROOT);
    List<String> meant =
        names.contains(key)
            ? List.of(key)
            : names.stream().filter(name -> name.startsWith(key)).toList();
    if (meant.size() == 1) return new Tag(meant.getFirst(), word.substring(equals + 1));
    throw new IllegalArgumentException(
        meant.isEmpty()
            ? command
                + ": no argument is called '"
                + key
                + "'; there are "
                + String.join(", ", names)
            : command + ": '" + key + "' may be " + String.join(" or ", meant));
  }

  /// In the order in which they were given.
  public List<Tag> given() {
    return given;
  }

  public Optional<String> find(String name) {
    return given.stream().filter(tag -> tag.name().equals(name)).map(Tag::value).findFirst();
  }

  public String get(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException(command + ": " + name + "= is missing"));
  }

  /// @throws IllegalArgumentException naming the argument, when `parse` refuses its value
  public <T> Optional<T> find(String name, Function<String, T> parse) {
    return find(name).map(value -> parsed(name, value, parse));
  }

  public <T> T get(String name, Function<String, T> parse) {
    return parsed(name, get(name), parse);
  }

  /// For a value that several arguments make together.
  public <T> T parsed(String name, String value, Function<String, T> parse) {
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(command + ": " + name + ": " + e.getMessage(), e);
    }
  }
}
