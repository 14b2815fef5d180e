package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.netsh.Netsh;
import dev.reeve.cli.ipsec.netsh.Tags;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import java.util.List;
import java.util.Optional;

/// `add|set|delete rule`.
record RuleCommands(PolicyLibrary library, Secrets secrets) {

  private static final List<String> ADD =
      List.of(
          "name",
          "policy",
          "filterlist",
          "filteraction",
          "tunnel",
          "conntype",
          "activate",
          "description",
          "kerberos",
          "psk",
          "rootca*");
  private static final List<String> SET =
      List.of(
          "name",
          "policy",
          "newname",
          "description",
          "filterlist",
          "filteraction",
          "tunnel",
          "conntype",
          "activate",
          "kerberos",
          "psk",
          "rootca*",
          "id");

  PolicyLibrary add(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("add rule", ADD, words);
    String name = Named.fresh(tags, "name");
    IpsecPolicy policy = library.policy(tags.get("policy"));
    if (Rules.find(policy, name).isPresent()) {
      throw new LibraryException(
          "policy '" + policy.name() + "' has a rule '" + name + "' already; set rule changes it");
    }
    FilterList list = library.list(tags.get("filterlist"));
    FilterAction action = library.action(tags.get("filteraction")).action();
    return library.with(
        PolicyEdit.with(
            policy,
            new IpsecRule(
                Ids.next(),
                name,
                tags.find("description").orElse(""),
                tags.find("activate", Netsh::yes).orElse(true),
                Optional.of(list),
                action,
                authentication(tags, action, List.of()),
                tags.find("tunnel", Netsh::tunnel),
                tags.find("conntype", Netsh::connections).orElse(NetworkType.ALL))));
  }

  PolicyLibrary set(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("set rule", SET, words);
    IpsecPolicy policy = library.policy(tags.get("policy"));
    IpsecRule before = Rules.named(policy, Named.which(tags, "rule", "id"));
    Optional<String> name = Named.other(tags);
    if (name.flatMap(n -> Rules.find(policy, n))
        .filter(r -> !r.id().equals(before.id()))
        .isPresent()) {
      throw new LibraryException(
          "policy '" + policy.name() + "' has a rule '" + name.get() + "' already");
    }
    Optional<FilterList> list = before.filters();
    if (tags.find("filterlist").isPresent())
      list = Optional.of(library.list(tags.get("filterlist")));
    FilterAction action = before.action();
    if (tags.find("filteraction").isPresent()) {
      action = library.action(tags.get("filteraction")).action();
    }
    Optional<TunnelEndpoint> tunnel = tags.find("tunnel", Netsh::tunnel);
    return library.with(
        PolicyEdit.with(
            policy,
            new IpsecRule(
                before.id(),
                name.orElse(before.name()),
                tags.find("description").orElse(before.description()),
                tags.find("activate", Netsh::yes).orElse(before.active()),
                list,
                action,
                authentication(tags, action, before.authentication()),
                tunnel.or(before::tunnel),
                tags.find("conntype", Netsh::connections).orElse(before.networkType()))));
  }

  /// What is given replaces all that was there. Kerberos when nothing is said.
  private List<AuthMethod> authentication(Tags tags, FilterAction action, List<AuthMethod> before) {
    boolean negotiates = action instanceof Negotiate;
    boolean bare = before.isEmpty() && negotiates;
    return Netsh.authentication(tags, secrets::seal, negotiates)
        .orElse(bare ? List.of(AuthMethod.Kerberos.KERBEROS) : before);
  }

  PolicyLibrary delete(List<String> words) throws LibraryException {
    Tags tags = Tags.parse("delete rule", List.of("name", "policy", "id"), words);
    IpsecPolicy policy = library.policy(tags.get("policy"));
    String name = Named.which(tags, "rule", "id");
    if (name.equals("all")) {
      return library.with(
          PolicyEdit.withRules(
              policy, policy.rules().stream().filter(IpsecRule::isDefaultResponse).toList()));
    }
    return library.with(PolicyEdit.without(policy, Rules.named(policy, name)));
  }
}
