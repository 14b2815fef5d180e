package dev.reeve.cli.ipsec;

import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.ipsec.library.LibraryException;
import dev.reeve.cli.ipsec.library.PolicyLibrary;
import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.cli.ipsec.library.Rules;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `show all|policy|rule|filterlist|filteraction|store|gpoassignedpolicy`.
record StaticShow(StaticOptions options, Terminal terminal) {

  /// @param words behind `show`
  void show(String place, PolicyLibrary library, List<String> words) throws LibraryException {
    String kind = words.isEmpty() ? "all" : words.getFirst().toLowerCase(Locale.ROOT);
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    switch (kind) {
      case "all" -> {
        Tags tags = tags("show all", List.of(), rest);
        print(
            LibraryText.all(place, library, verbose(tags)),
            JsonBuilder.object()
                .put("store", place)
                .putAll("policies", library.policies(), p -> policy(library, p))
                .putAll("filterLists", library.lists(), IpsecJson::write)
                .putAll("filterActions", library.actions(), StaticShow::action)
                .build());
      }
      case "policy" -> policies(library, rest);
      case "rule" -> rules(library, rest);
      case "filterlist" -> {
        Tags tags = tags("show filterlist", List.of("name", "rule"), rest);
        List<FilterList> lists =
            isAll(tags) && tags.find("rule").isEmpty()
                ? library.lists()
                : tags.find("rule").isPresent()
                    ? ofRule(library, tags.get("rule")).stream()
                        .flatMap(rule -> rule.filters().stream())
                        .distinct()
                        .toList()
                    : List.of(library.list(tags.get("name")));
        print(
            LibraryText.lists(library, lists, verbose(tags)),
            JsonBuilder.object().putAll("filterLists", lists, IpsecJson::write).build());
      }
      case "filteraction" -> {
        Tags tags = tags("show filteraction", List.of("name", "rule"), rest);
        List<NamedAction> actions =
            isAll(tags) && tags.find("rule").isEmpty()
                ? library.actions()
                : tags.find("rule").isPresent()
                    ? actionsOf(library, tags.get("rule"))
                    : List.of(library.action(tags.get("name")));
        print(
            LibraryText.actions(library, actions, verbose(tags)),
            JsonBuilder.object().putAll("filterActions", actions, StaticShow::action).build());
      }
      case "store" -> {
        Tags unused = tags("show store", List.of(), rest);
        print(List.of("Store: " + place), JsonBuilder.object().put("store", place).build());
      }
      case "gpoassignedpolicy" ->
          throw new LibraryException(
              "what Group Policy assigned to this host is shown by 'reeve gpresult' and 'reeve"
                  + " ipsec dynamic show activepolicy'");
      default ->
          throw new IllegalArgumentException(
              "show: found '"
                  + kind
                  + "', expected all, policy, rule, filterlist, filteraction, store or"
                  + " gpoassignedpolicy");
    }
  }

  private void policies(PolicyLibrary library, List<String> words) throws LibraryException {
    Tags tags = tags("show policy", List.of("name"), words);
    List<IpsecPolicy> policies =
        isAll(tags) ? library.policies() : List.of(library.policy(tags.get("name")));
    print(
        LibraryText.policies(library, policies, verbose(tags)),
        JsonBuilder.object().putAll("policies", policies, p -> policy(library, p)).build());
  }

  private void rules(PolicyLibrary library, List<String> words) throws LibraryException {
    Tags tags = tags("show rule", List.of("name", "policy", "type", "id"), words);
    IpsecPolicy policy = library.policy(tags.get("policy"));
    String name = tags.find("name").or(() -> tags.find("id")).orElse("all");
    Optional<Boolean> tunnel =
        tags.find(
            "type",
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "tunnel" -> true;
                  case "transport" -> false;
                  default ->
                      throw new IllegalArgumentException(
                          "found '" + text + "', expected transport or tunnel");
                });
    List<IpsecRule> rules =
        switch (name) {
          case "all" -> policy.rules();
          case "default" -> policy.rules().stream().filter(IpsecRule::isDefaultResponse).toList();
          default -> List.of(Rules.named(policy, name));
        };
    List<IpsecRule> shown =
        rules.stream()
            .filter(rule ->
                tunnel.isEmpty() || rule.tunnel().isPresent() == tunnel.get().booleanValue())
            .toList();
    print(
        LibraryText.rules(policy, shown),
        JsonBuilder.object().putAll("rules", shown, IpsecJson::write).build());
  }

  private static List<IpsecRule> ofRule(PolicyLibrary library, String name)
      throws LibraryException {
    List<IpsecRule> rules =
        library.policies().stream()
            .flatMap(policy -> policy.rules().stream())
            .filter(rule -> PolicyLibrary.same(rule.name(), name))
            .toList();
    if (rules.isEmpty()) throw new LibraryException("no rule is called '" + name + "'");
    return rules;
  }

  private static List<NamedAction> actionsOf(PolicyLibrary library, String rule)
      throws LibraryException {
    return ofRule(library, rule).stream()
        .map(IpsecRule::action)
        .map(FilterAction::name)
        .distinct()
        .flatMap(name -> library.findAction(name).stream())
        .toList();
  }

  /// What all have: `level`, `format` and `wide`; the last two ask for tables.
  private static Tags tags(String command, List<String> names, List<String> words) {
    var all = new java.util.ArrayList<>(names);
    all.addAll(List.of("level", "format", "wide", "resolvedns"));
    Tags tags = Tags.parse(command, all, words);
    if (tags.find("format").filter(f -> !f.equalsIgnoreCase("list")).isPresent()) {
      throw new IllegalArgumentException(
          command + ": format: only list is there; --output json is for programs");
    }
    return tags;
  }

  private static boolean verbose(Tags tags) {
    return tags.find(
            "level",
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "verbose" -> true;
                  case "normal" -> false;
                  default ->
                      throw new IllegalArgumentException(
                          "found '" + text + "', expected verbose or normal");
                })
        .orElse(false);
  }

  private static boolean isAll(Tags tags) {
    return tags.find("name").orElse("all").equals("all");
  }

  private static JsonObject policy(PolicyLibrary library, IpsecPolicy policy) {
    return JsonBuilder.object()
        .put("assigned", library.isAssigned(policy))
        .put("policy", IpsecJson.write(policy))
        .build();
  }

  private static JsonObject action(NamedAction action) {
    return JsonBuilder.object()
        .put("description", action.description())
        .put("action", IpsecJson.write(action.action()))
        .build();
  }

  private void print(List<String> lines, JsonObject json) {
    if (options.output == Output.JSON) terminal.out().println(JsonText.write(json));
    else terminal.print(lines);
  }
}
