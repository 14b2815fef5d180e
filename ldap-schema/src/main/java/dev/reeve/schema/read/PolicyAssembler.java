package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.AuthMethod.Certificate;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Block;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterAction.Permit;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.IpsecObjects.Decoded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Follows the references from one ipsecPolicy to everything it is made of. A policy is whole or it
/// is none.
final class PolicyAssembler {

  /// Which entry and attribute keep a policy from being whole.
  private static final class Incomplete extends IllegalArgumentException {
    private final LdapEntry entry;
    private final LdapAttribute attribute;

    Incomplete(LdapEntry entry, LdapAttribute attribute, String detail) {
      super(Problems.shortened(detail));
      this.entry = entry;
      this.attribute = attribute;
    }
  }

  private record Resolved<T>(LdapEntry entry, T content) {}

  private final Function<Dn, Optional<Decoded>> objects;
  private final Problems problems;

  /// @param objects finds an object by name
  PolicyAssembler(Function<Dn, Optional<Decoded>> objects, Problems problems) {
    this.objects = objects;
    this.problems = problems;
  }

  PolicyEntry assemble(Decoded policy) {
    return switch (policy) {
      case Decoded.Bad(_, _, var detail) -> new PolicyEntry.Unreadable(detail);
      case Decoded.Good(var entry, _, PolicyHead head) -> assemble(entry, head);
      case Decoded.Good(var entry, _, _) ->
          throw new IllegalArgumentException(entry.dn() + " is no policy");
    };
  }

  private PolicyEntry assemble(LdapEntry entry, PolicyHead head) {
    try {
      return new PolicyEntry.Readable(policy(entry, head));
    } catch (Incomplete e) {
      String detail = String.valueOf(e.getMessage());
      problems.add(
          e.entry, e.attribute, Code.POLICY_INCOMPLETE, detail + "; policy " + shown(entry));
      return new PolicyEntry.Unreadable(e.entry.dn() + ": " + e.attribute + " " + detail);
    }
  }

  private static String shown(LdapEntry policy) {
    return "'" + name(policy) + "' is incomplete";
  }

  private IpsecPolicy policy(LdapEntry entry, PolicyHead head) {
    MainModePart mainMode =
        one(entry, LdapAttribute.IPSEC_ISAKMP_REFERENCE, MainModePart.class).content();
    List<Resolved<IpsecObject>> parts =
        all(entry, LdapAttribute.IPSEC_NFA_REFERENCE, IpsecObject.class);
    var rules = new ArrayList<IpsecRule>();
    for (Resolved<IpsecObject> part : parts) {
      switch (part.content()) {
        case RulePart rule -> rules.add(rule(part.entry(), rule, mainMode));
        case IpsecObject.VersionInformation _ -> {}
        default -> throw otherKind(entry, LdapAttribute.IPSEC_NFA_REFERENCE, part.entry().dn());
      }
    }
    if (rules.isEmpty()) {
      throw new Incomplete(entry, LdapAttribute.IPSEC_NFA_REFERENCE, "names no rule");
    }
    rules.sort(Comparator.comparing(IpsecRule::id).thenComparing(IpsecRule::name));
    return new IpsecPolicy(
        id(entry),
        name(entry),
        description(entry),
        head.pollingInterval(),
        mainMode.mainMode(),
        rules);
  }

  private IpsecRule rule(LdapEntry entry, RulePart rule, MainModePart mainMode) {
    Resolved<ActionPart> action =
        one(entry, LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE, ActionPart.class);
    List<Resolved<FilterPart>> lists =
        all(entry, LdapAttribute.IPSEC_FILTER_REFERENCE, FilterPart.class);
    if (lists.isEmpty() && !action.content().defaultResponse()) {
      throw new Incomplete(
          entry,
          LdapAttribute.IPSEC_FILTER_REFERENCE,
          "is missing, and the rule's action is not the one of a default response rule");
    }
    try {
      return new IpsecRule(
          id(entry),
          name(entry),
          description(entry),
          rule.active(),
          filterList(lists),
          named(action),
          rule.authentication().stream().map(method -> mapped(method, mainMode)).toList(),
          tunnel(entry, rule, lists),
          rule.networkType());
    } catch (Incomplete e) {
      throw e;
    } catch (IllegalArgumentException e) { // what the model refuses
      throw new Incomplete(entry, LdapAttribute.IPSEC_DATA, String.valueOf(e.getMessage()));
    }
  }

  /// A rule may name several lists; they count as one, under the name of the first by id.
  private static Optional<FilterList> filterList(List<Resolved<FilterPart>> lists) {
    if (lists.isEmpty()) return Optional.empty();
    var filters = new ArrayList<Filter>();
    for (Resolved<FilterPart> list : lists) filters.addAll(list.content().filters());
    LdapEntry first = lists.getFirst().entry();
    return Optional.of(new FilterList(id(first), name(first), description(first), filters));
  }

  /// The entry's name is what people see and change; it counts.
  private static FilterAction named(Resolved<ActionPart> part) {
    FilterAction action = part.content().action();
    String name = part.entry().text(LdapAttribute.IPSEC_NAME).orElse(action.name());
    return switch (action) {
      case Permit _ -> new Permit(name);
      case Block _ -> new Block(name);
      case Negotiate(_, var offers, var passThrough, var fallback) ->
          new Negotiate(name, offers, passThrough, fallback);
    };
  }

  private static AuthMethod mapped(AuthMethod method, MainModePart mainMode) {
    return method instanceof Certificate(var authority, var mapping, var exclude)
        ? new Certificate(
            authority,
            mapping || mainMode.accountMapping(),
            exclude || mainMode.noCertificateRequests())
        : method;
  }

  /// The rule's own endpoint, else the one that its filters name.
  private static Optional<TunnelEndpoint> tunnel(
      LdapEntry entry, RulePart rule, List<Resolved<FilterPart>> lists) {
    if (rule.tunnel().isPresent()) return rule.tunnel();
    Set<TunnelEndpoint> named = new LinkedHashSet<>();
    lists.forEach(list -> named.addAll(list.content().tunnels()));
    if (named.size() > 1) {
      throw new Incomplete(
          entry,
          LdapAttribute.IPSEC_FILTER_REFERENCE,
          "leads to filters with " + named.size() + " tunnel endpoints, expected one");
    }
    return named.stream().findFirst();
  }

  private <T extends IpsecObject> Resolved<T> one(
      LdapEntry from, LdapAttribute attribute, Class<T> kind) {
    List<Resolved<T>> found = all(from, attribute, kind);
    if (found.size() != 1) {
      throw new Incomplete(
          from,
          attribute,
          found.isEmpty() ? "is missing" : "has " + found.size() + " values, expected one");
    }
    return found.getFirst();
  }

  /// By id, because values of an attribute have no order.
  private <T extends IpsecObject> List<Resolved<T>> all(
      LdapEntry from, LdapAttribute attribute, Class<T> kind) {
    var found = new ArrayList<Resolved<T>>();
    for (String reference : from.texts(attribute)) {
      Decoded target = find(from, attribute, reference);
      switch (target) {
        case Decoded.Bad(_, _, var detail) ->
            throw new Incomplete(
                from,
                attribute,
                "names " + target.entry().dn() + ", which is unreadable: " + detail);
        case Decoded.Good(var entry, _, var content) -> {
          if (!kind.isInstance(content)) throw otherKind(from, attribute, entry.dn());
          found.add(new Resolved<>(entry, kind.cast(content)));
        }
      }
    }
    found.sort(
        Comparator.comparing((Resolved<T> r) -> id(r.entry())).thenComparing(r -> r.entry().dn()));
    return found;
  }

  /// By name; Microsoft's clients look at the first RDN only and search next to the policy.
  private Decoded find(LdapEntry from, LdapAttribute attribute, String reference) {
    Dn dn =
        Dn.find(reference)
            .orElseThrow(
                () -> new Incomplete(from, attribute, "value '" + reference + "' is no DN"));
    return objects
        .apply(dn)
        .or(() ->
            dn.parent()
                .flatMap(_ ->
                    objects.apply(
                        from.dn().parent().orElseThrow().child(dn.attribute(), dn.name()))))
        .orElseThrow(
            () -> new Incomplete(from, attribute, "names " + reference + ", which does not exist"));
  }

  private static Incomplete otherKind(LdapEntry from, LdapAttribute attribute, Dn target) {
    return new Incomplete(from, attribute, "names " + target + ", which is of another kind");
  }

  private static String id(LdapEntry entry) {
    return entry
        .text(LdapAttribute.IPSEC_ID)
        .orElseGet(() -> {
          String name = entry.dn().name();
          return name.substring(Math.max(0, name.indexOf('{')));
        })
        .strip()
        .toUpperCase(Locale.ROOT);
  }

  private static String name(LdapEntry entry) {
    return entry.text(LdapAttribute.IPSEC_NAME).orElse("");
  }

  private static String description(LdapEntry entry) {
    return entry.texts(LdapAttribute.DESCRIPTION).stream().sorted().findFirst().orElse("");
  }
}
