package dev.reeve.schema.exchange;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ipsec.Finding.Effect;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.IpsecObjectReader;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// IPsec policies on their way from one form to another.
///
/// @param policies by name; pre-shared keys are tickets of [Keys], or sealed to somebody else
/// @param originals Microsoft's objects that they were read from
/// @param domain where they were read; empty for a file
/// @param findings what of the source is not in here
public record Policies(
    List<IpsecPolicy> policies,
    List<LdapEntry> originals,
    Optional<Dn> domain,
    List<Finding> findings) {

  private static final List<LdapClass> CLASSES =
      List.of(
          LdapClass.IPSEC_POLICY,
          LdapClass.IPSEC_ISAKMP_POLICY,
          LdapClass.IPSEC_NFA,
          LdapClass.IPSEC_NEGOTIATION_POLICY,
          LdapClass.IPSEC_FILTER);

  public Policies {
    policies =
        policies.stream()
            .sorted(Comparator.comparing(IpsecPolicy::name).thenComparing(IpsecPolicy::id))
            .toList();
    originals = List.copyOf(originals);
    findings = List.copyOf(findings);
  }

  /// @param entries of a directory, in any order; others than IPsec objects are ignored
  public static Policies read(Collection<LdapEntry> entries, Keys keys) {
    List<LdapEntry> objects = entries.stream().filter(Policies::isObject).toList();
    var read = IpsecObjectReader.read(objects, keys);
    var findings = new ArrayList<Finding>();
    var policies = new TreeMap<String, IpsecPolicy>();
    // "CN=Reeve" comes behind "CN=IP Security": of a policy that is in both, ours counts
    new TreeMap<>(read.policies())
        .forEach((dn, entry) -> {
          switch (entry) {
            case PolicyEntry.Readable(var policy) -> {
              if (policies.put(policy.id(), policy) != null) {
                findings.add(
                    new Finding(
                        Effect.NOTE,
                        Code.OBJECT_ID,
                        policy.name(),
                        "",
                        "is there twice under one id; the one in " + dn + " counts"));
              }
            }
            case PolicyEntry.Unreadable(var detail) ->
                findings.add(
                    new Finding(Effect.REFUSED, Code.UNREADABLE, name(objects, dn), "", detail));
          }
        });
    findings.sort(Comparator.comparing(Finding::policy));
    findings.addAll(strays(objects));
    return new Policies(List.copyOf(policies.values()), objects, domain(objects), findings);
  }

  /// Those that a person asked for, by name or id.
  ///
  /// @param unknown gets what names none of them
  public Policies only(List<String> wanted, List<String> unknown) {
    if (wanted.isEmpty()) return this;
    var kept = new ArrayList<IpsecPolicy>();
    for (String name : wanted) {
      List<IpsecPolicy> named = policies.stream().filter(policy -> isCalled(policy, name)).toList();
      if (named.isEmpty()) unknown.add(name);
      named.stream().filter(policy -> !kept.contains(policy)).forEach(kept::add);
    }
    Set<String> names = new HashSet<>();
    kept.forEach(policy -> names.add(policy.name()));
    return new Policies(
        kept,
        originals,
        domain,
        findings.stream().filter(f -> names.contains(f.policy())).toList());
  }

  private static boolean isCalled(IpsecPolicy policy, String name) {
    return policy.name().equalsIgnoreCase(name)
        || policy.id().equalsIgnoreCase(name)
        || policy.id().equalsIgnoreCase("{" + name + "}");
  }

  private static boolean isObject(LdapEntry entry) {
    return CLASSES.stream().anyMatch(entry::isA) && entry.has(LdapAttribute.IPSEC_DATA);
  }

  private static String name(List<LdapEntry> objects, Dn dn) {
    return objects.stream()
        .filter(entry -> entry.dn().equals(dn))
        .flatMap(entry -> entry.text(LdapAttribute.IPSEC_NAME).stream())
        .findFirst()
        .orElse(dn.name());
  }

  /// `…,CN=System,<domain>` of the first object.
  private static Optional<Dn> domain(List<LdapEntry> objects) {
    return objects.stream()
        .map(LdapEntry::dn)
        .sorted()
        .findFirst()
        .flatMap(Dn::parent)
        .flatMap(Dn::parent)
        .flatMap(Dn::parent);
  }

  /// Objects that no policy leads to.
  private static List<Finding> strays(List<LdapEntry> objects) {
    Set<String> names = new HashSet<>();
    for (LdapEntry entry : objects) {
      if (entry.isA(LdapClass.IPSEC_POLICY)) names.add(Originals.key(entry.dn()));
    }
    List<LdapEntry> reached = Originals.reached(objects, names);
    var findings = new ArrayList<Finding>();
    for (LdapEntry entry : objects) {
      if (reached.contains(entry)) continue;
      boolean version = entry.dn().name().toUpperCase(Locale.ROOT).contains("{6A1F5C6F-72B7-");
      findings.add(
          new Finding(
              Effect.NOTE,
              version ? Code.VERSION_INFORMATION : Code.UNREFERENCED,
              "",
              entry.dn().name(),
              version
                  ? "says which Windows made the defaults; it is no rule and stays behind"
                  : "belongs to no policy and stays behind"));
    }
    findings.sort(Comparator.comparing(Finding::object));
    return findings;
  }
}
