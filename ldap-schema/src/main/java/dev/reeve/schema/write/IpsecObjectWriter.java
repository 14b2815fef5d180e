package dev.reeve.schema.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.ipsec.ReeveIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// A policy → its directory entries in our encoding. Reading them gives the policy back.
public final class IpsecObjectWriter {

  private final Dn container;
  private final IpsecPolicy policy;
  private final Dn policyDn;
  private final List<LdapEntry> entries = new ArrayList<>();

  private IpsecObjectWriter(IpsecPolicy policy, Dn container) {
    this.container = container;
    this.policy = policy;
    this.policyDn = dn(LdapClass.IPSEC_POLICY, policy.id());
  }

  /// @param container `CN=Reeve,CN=System,<domain>`
  /// @return in the order to write them: the policy last, so that it is never seen without its
  ///   parts
  /// @throws IllegalArgumentException when the policy has no rule, or two lists of filters share an
  ///   id and nothing else
  public static List<LdapEntry> write(IpsecPolicy policy, Dn container) {
    return new IpsecObjectWriter(policy, container).write();
  }

  private List<LdapEntry> write() {
    if (policy.rules().isEmpty()) {
      throw new IllegalArgumentException("policy " + policy.id() + " has no rule");
    }
    String mainModeId = derivedId("main mode of " + policy.id());
    entries.add(
        object(LdapClass.IPSEC_ISAKMP_POLICY, mainModeId, "", "")
            .add(
                LdapAttribute.IPSEC_DATA,
                ReeveIpsecData.write(new MainModePart(policy.mainMode(), false, false)))
            .add(LdapAttribute.IPSEC_OWNERS_REFERENCE, policyDn.toString())
            .build());
    filterLists();
    for (IpsecRule rule : policy.rules()) {
      action(rule);
      rule(rule);
    }
    LdapEntry.Builder head =
        object(LdapClass.IPSEC_POLICY, policy.id(), policy.name(), policy.description())
            .add(
                LdapAttribute.IPSEC_DATA,
                ReeveIpsecData.write(new PolicyHead(policy.pollingInterval())))
            .add(
                LdapAttribute.IPSEC_ISAKMP_REFERENCE,
                dn(LdapClass.IPSEC_ISAKMP_POLICY, mainModeId).toString());
    for (IpsecRule rule : policy.rules())
      head.add(LdapAttribute.IPSEC_NFA_REFERENCE, ruleDn(rule).toString());
    entries.add(head.build());
    return List.copyOf(entries);
  }

  /// Lists are shared: one entry each, owned by every rule that uses it.
  private void filterLists() {
    Map<String, FilterList> lists = new LinkedHashMap<>();
    Map<String, List<IpsecRule>> owners = new LinkedHashMap<>();
    for (IpsecRule rule : policy.rules()) {
      rule.filters()
          .ifPresent(list -> {
            FilterList same = lists.putIfAbsent(list.id(), list);
            if (same != null && !same.equals(list)) {
              throw new IllegalArgumentException("two lists of filters have the id " + list.id());
            }
            owners.computeIfAbsent(list.id(), _ -> new ArrayList<IpsecRule>()).add(rule);
          });
    }
    lists.forEach((id, list) -> {
      LdapEntry.Builder entry =
          object(LdapClass.IPSEC_FILTER, id, list.name(), list.description())
              .add(
                  LdapAttribute.IPSEC_DATA,
                  ReeveIpsecData.write(new FilterPart(list.filters(), Set.of())));
      for (IpsecRule owner : owners.getOrDefault(id, List.of()))
        entry.add(LdapAttribute.IPSEC_OWNERS_REFERENCE, ruleDn(owner).toString());
      entries.add(entry.build());
    });
  }

  private void action(IpsecRule rule) {
    var part = new ActionPart(rule.action(), rule.isDefaultResponse());
    entries.add(
        object(LdapClass.IPSEC_NEGOTIATION_POLICY, actionId(rule), rule.action().name(), "")
            .add(LdapAttribute.IPSEC_DATA, ReeveIpsecData.write(part))
            .add(LdapAttribute.IPSEC_NEGOTIATION_POLICY_ACTION, IpsecGuids.of(rule.action()))
            .add(
                LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE,
                rule.isDefaultResponse()
                    ? IpsecGuids.TYPE_DEFAULT_RESPONSE
                    : IpsecGuids.TYPE_STANDARD)
            .add(LdapAttribute.IPSEC_OWNERS_REFERENCE, ruleDn(rule).toString())
            .build());
  }

  private void rule(IpsecRule rule) {
    var part =
        new RulePart(rule.authentication(), rule.networkType(), rule.active(), rule.tunnel());
    LdapEntry.Builder entry =
        object(LdapClass.IPSEC_NFA, rule.id(), rule.name(), rule.description())
            .add(LdapAttribute.IPSEC_DATA, ReeveIpsecData.write(part))
            .add(
                LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE,
                dn(LdapClass.IPSEC_NEGOTIATION_POLICY, actionId(rule)).toString());
    rule.filters()
        .ifPresent(list ->
            entry.add(
                LdapAttribute.IPSEC_FILTER_REFERENCE,
                dn(LdapClass.IPSEC_FILTER, list.id()).toString()));
    entries.add(entry.add(LdapAttribute.IPSEC_OWNERS_REFERENCE, policyDn.toString()).build());
  }

  private LdapEntry.Builder object(LdapClass kind, String id, String name, String description) {
    LdapEntry.Builder entry =
        LdapEntry.named(dn(kind, id))
            .addClasses(LdapClass.TOP, LdapClass.IPSEC_BASE, kind)
            .add(LdapAttribute.CN, kind.ldapName() + id);
    if (!name.isEmpty()) entry.add(LdapAttribute.IPSEC_NAME, name);
    if (!description.isEmpty()) entry.add(LdapAttribute.DESCRIPTION, description);
    return entry
        .add(LdapAttribute.IPSEC_ID, id)
        .add(LdapAttribute.IPSEC_DATA_TYPE, Integer.toString(ReeveIpsecData.DATA_TYPE));
  }

  private Dn dn(LdapClass kind, String id) {
    return container.child("CN", kind.ldapName() + id);
  }

  private Dn ruleDn(IpsecRule rule) {
    return dn(LdapClass.IPSEC_NFA, rule.id());
  }

  private static String actionId(IpsecRule rule) {
    return derivedId("action of " + rule.id());
  }

  /// The model gives main modes and actions no id of their own; the same policy gets the same ones.
  private static String derivedId(String what) {
    return "{"
        + UUID.nameUUIDFromBytes(what.getBytes(UTF_8)).toString().toUpperCase(Locale.ROOT)
        + "}";
  }
}
