package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.cli.ipsec.netsh.Netsh;
import dev.reeve.cli.ipsec.netsh.Offers;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Block;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterAction.Permit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `add|set|delete filteraction`.
record ActionCommands(PolicyLibrary library) {

  private static final List<String> OF_NEGOTIATION =
      List.of("qmpfs", "inpass", "soft", "qmsecmethods");

  private enum Kind {
    PERMIT,
    BLOCK,
    NEGOTIATE;

    static Kind parse(String text) {
      for (Kind kind : values()) {
        if (kind.name().equals(text.toUpperCase(Locale.ROOT))) return kind;
      }
      throw new IllegalArgumentException(
          "found '" + text + "', expected permit, block or negotiate");
    }

    static Kind of(FilterAction action) {
      return switch (action) {
        case Permit _ -> PERMIT;
        case Block _ -> BLOCK;
        case Negotiate _ -> NEGOTIATE;
      };
    }
  }

  PolicyLibrary add(List<String> words) throws LibraryException {
    Tags tags =
        Tags.parse(
            "add filteraction",
            List.of("name", "description", "qmpfs", "inpass", "soft", "action", "qmsecmethods"),
            words);
    String name = Named.fresh(tags, "name");
    if (library.findAction(name).isPresent()) {
      throw new LibraryException(
          "a filter action is called '" + name + "' already; set filteraction changes it");
    }
    return library.with(
        new NamedAction(
            tags.find("description").orElse(""),
            action(tags, name, new Negotiate(name, Offers.usual(), false, false))));
  }

  PolicyLibrary set(List<String> words) throws LibraryException {
    Tags tags =
        Tags.parse(
            "set filteraction",
            List.of(
                "name",
                "newname",
                "description",
                "qmpfs",
                "inpass",
                "soft",
                "action",
                "qmsecmethods"),
            words);
    NamedAction before = library.action(tags.get("name"));
    String name = Named.other(tags).orElse(before.name());
    if (!PolicyLibrary.same(name, before.name()) && library.findAction(name).isPresent()) {
      throw new LibraryException("a filter action is called '" + name + "' already");
    }
    FilterAction after = action(tags, name, before.action());
    if (after instanceof Negotiate) needsAuthentication(before);
    return library.with(
        before.name(),
        new NamedAction(tags.find("description").orElse(before.description()), after));
  }

  /// A rule that begins to negotiate must say how peers prove who they are.
  private void needsAuthentication(NamedAction action) throws LibraryException {
    Optional<PolicyLibrary.Use> without =
        library.uses(action).stream()
            .filter(use -> use.rule().authentication().isEmpty())
            .findFirst();
    if (without.isPresent()) {
      throw new LibraryException(
          without.get()
              + " says nothing of authentication: set rule … kerberos=yes, psk= or rootca= first");
    }
  }

  private static FilterAction action(Tags tags, String name, FilterAction before) {
    Kind kind = tags.find("action", Kind::parse).orElse(Kind.of(before));
    if (kind != Kind.NEGOTIATE) {
      for (String tag : OF_NEGOTIATION) {
        if (tags.find(tag).isPresent()) {
          throw new IllegalArgumentException(
              tag + "= is for actions that negotiate, and this one is to " + word(kind));
        }
      }
    }
    return switch (kind) {
      case PERMIT -> new Permit(name);
      case BLOCK -> new Block(name);
      case NEGOTIATE -> {
        Optional<Negotiate> old =
            before instanceof Negotiate negotiate ? Optional.of(negotiate) : Optional.empty();
        yield new Negotiate(
            name,
            Offers.of(tags, old.map(Negotiate::offers).orElseGet(Offers::usual)),
            tags.find("inpass", Netsh::yes)
                .orElse(old.map(Negotiate::acceptUnsecuredInbound).orElse(false)),
            tags.find("soft", Netsh::yes)
                .orElse(old.map(Negotiate::allowFallbackToClear).orElse(false)));
      }
    };
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  PolicyLibrary delete(List<String> words) throws LibraryException {
    String name = Tags.parse("delete filteraction", List.of("name"), words).get("name");
    List<NamedAction> meant =
        name.equals("all") ? library.actions() : List.of(library.action(name));
    PolicyLibrary left = library;
    for (NamedAction action : meant) {
      List<PolicyLibrary.Use> uses = library.uses(action);
      if (!uses.isEmpty()) {
        throw new LibraryException(
            "filter action '" + action.name() + "' is that of " + uses.getFirst());
      }
      left = left.without(action);
    }
    return left;
  }
}
