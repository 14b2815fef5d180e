package dev.reeve.cli.ipsec.library;

import dev.reeve.schema.exchange.Keys;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The commands that change a library: `add`, `set` and `delete`, of what.
public final class LibraryCommands {

  private final Secrets secrets;

  /// @param keys gets the pre-shared keys that are typed
  /// @param noKeys why none is taken; empty when they are
  public LibraryCommands(Keys keys, Optional<String> noKeys) {
    this.secrets = new Secrets(noKeys, keys);
  }

  /// Whether it is one of them.
  public static boolean changes(String verb) {
    return List.of("add", "set", "delete").contains(verb.toLowerCase(Locale.ROOT));
  }

  /// @param words `add filter filterlist=Web srcaddr=any …`
  /// @throws LibraryException when it cannot be
  /// @throws IllegalArgumentException when the words make no sense
  public PolicyLibrary run(PolicyLibrary library, List<String> words) throws LibraryException {
    String verb = words.getFirst().toLowerCase(Locale.ROOT);
    if (words.size() < 2) throw new IllegalArgumentException(verb + " what? One of " + kinds(verb));
    String kind = words.get(1).toLowerCase(Locale.ROOT);
    List<String> rest = words.subList(2, words.size());
    var policies = new PolicyCommands(library, secrets);
    var rules = new RuleCommands(library, secrets);
    var filters = new FilterCommands(library);
    var actions = new ActionCommands(library);
    return switch (verb + " " + kind) {
      case "add policy" -> policies.add(rest);
      case "add rule" -> rules.add(rest);
      case "add filterlist" -> filters.addList(rest);
      case "add filter" -> filters.addFilter(rest);
      case "add filteraction" -> actions.add(rest);
      case "set policy" -> policies.set(rest);
      case "set rule" -> rules.set(rest);
      case "set filterlist" -> filters.setList(rest);
      case "set filteraction" -> actions.set(rest);
      case "set defaultrule" -> policies.setDefaultRule(rest);
      case "delete policy" -> policies.delete(rest);
      case "delete rule" -> rules.delete(rest);
      case "delete filterlist" -> filters.deleteList(rest);
      case "delete filter" -> filters.deleteFilter(rest);
      case "delete filteraction" -> actions.delete(rest);
      case "delete all" -> {
        if (!rest.isEmpty()) throw new IllegalArgumentException("delete all takes no arguments");
        yield PolicyLibrary.EMPTY;
      }
      default ->
          throw new IllegalArgumentException(
              verb + ": found '" + kind + "', expected one of " + kinds(verb));
    };
  }

  private static String kinds(String verb) {
    return switch (verb) {
      case "add" -> "policy, rule, filterlist, filter, filteraction";
      case "set" -> "policy, rule, filterlist, filteraction, defaultrule, store";
      default -> "policy, rule, filterlist, filter, filteraction, all";
    };
  }
}
