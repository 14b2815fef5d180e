package dev.reeve.schema.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.AuthMethod.Certificate;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.ms.MsIpsecWriter;
import dev.reeve.schema.ms.SecretOpener;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Policies → directory entries in Microsoft's encoding. Reading them gives the policies back; with
/// the objects they were read from at hand, unchanged ones come out byte for byte.
public final class MsObjectWriter {

  /// What Windows 10 puts into a policy that says nothing.
  static final MainModeProposal USUAL_PROPOSAL =
      new MainModeProposal(Encryption.DES3, Integrity.SHA1, DhGroup.MODP1024);

  private final FilterForm form;
  private final SecretOpener opener;
  private final MsOriginals originals;
  private final Drafts drafts;

  private MsObjectWriter(
      Dn container, FilterForm form, SecretOpener opener, MsOriginals originals) {
    this.form = form;
    this.opener = opener;
    this.originals = originals;
    this.drafts = new Drafts(container, originals);
  }

  /// @param policies as [MsCarrier] let them through
  /// @param container `CN=IP Security,CN=System,<domain>`
  /// @return in the order to write them: policies last
  /// @throws IllegalArgumentException when a policy holds what the form has no words for
  public static List<LdapEntry> write(
      List<IpsecPolicy> policies,
      Dn container,
      FilterForm form,
      SecretOpener opener,
      MsOriginals originals) {
    var writer = new MsObjectWriter(container, form, opener, originals);
    policies.forEach(writer::policy);
    return writer.drafts.entries();
  }

  private void policy(IpsecPolicy policy) {
    Dn dn = drafts.name(LdapClass.IPSEC_POLICY, policy.id());
    MainModePart mainMode = mainModePart(policy);
    Dn mainModeDn = mainMode(policy, dn, mainMode);
    var rules = new ArrayList<String>();
    for (IpsecRule rule : policy.rules()) rules.add(rule(rule, dn, mainMode).toString());
    var head = new PolicyHead(policy.pollingInterval());
    drafts.add(
        LdapClass.IPSEC_POLICY,
        policy.id(),
        derivedId("another policy with the id " + policy.id()),
        new Drafts.Content(
            policy.name(),
            policy.description(),
            head,
            Map.of(
                LdapAttribute.IPSEC_ISAKMP_REFERENCE,
                List.of(mainModeDn.toString()),
                LdapAttribute.IPSEC_NFA_REFERENCE,
                rules)),
        Optional.empty(),
        was -> MsIpsecWriter.policy(head, was));
  }

  private Optional<LdapEntry> originalMainMode(IpsecPolicy policy) {
    return originals.find(LdapClass.IPSEC_POLICY, policy.id()).flatMap(originals::findMainMode);
  }

  private Dn mainMode(IpsecPolicy policy, Dn owner, MainModePart part) {
    Optional<LdapEntry> original = originalMainMode(policy);
    String otherId = derivedId("main mode of " + policy.id());
    String id = original.map(MsOriginals::id).orElse(otherId);
    return drafts.add(
        LdapClass.IPSEC_ISAKMP_POLICY,
        id,
        otherId,
        new Drafts.Content(
            original.flatMap(e -> e.text(LdapAttribute.IPSEC_NAME)).orElse(""),
            original.flatMap(e -> e.text(LdapAttribute.DESCRIPTION)).orElse(""),
            part,
            Map.of()),
        Optional.of(owner),
        was -> MsIpsecWriter.mainMode(part, id, was));
  }

  /// What all certificates of a policy have in common is said here too: readers before Vista know
  /// no flags of single ones.
  private MainModePart mainModePart(IpsecPolicy policy) {
    List<Certificate> certificates =
        policy.rules().stream()
            .flatMap(rule -> rule.authentication().stream())
            .filter(Certificate.class::isInstance)
            .map(Certificate.class::cast)
            .toList();
    boolean allMapped =
        !certificates.isEmpty() && certificates.stream().allMatch(Certificate::accountMapping);
    boolean allExcluded =
        !certificates.isEmpty()
            && certificates.stream().allMatch(Certificate::excludeAuthorityName);
    Optional<MainModePart> was = originalMainMode(policy).flatMap(MsOriginals::mainMode);
    boolean none = certificates.isEmpty();
    return new MainModePart(
        policy.mainMode(),
        was.map(w -> w.accountMapping() && (none || allMapped)).orElse(allMapped),
        was.map(w -> w.noCertificateRequests() && (none || allExcluded)).orElse(allExcluded));
  }

  private Dn rule(IpsecRule rule, Dn policy, MainModePart mainMode) {
    Optional<MsOriginals.Rule> original = originals.findRule(rule.id());
    Dn dn = drafts.name(LdapClass.IPSEC_NFA, rule.id());
    boolean sameTunnel = original.filter(was -> was.tunnel().equals(rule.tunnel())).isPresent();
    List<String> lists =
        rule.filters().map(list -> filters(list, dn, original, sameTunnel)).orElse(List.of());
    Optional<TunnelEndpoint> own =
        sameTunnel ? original.flatMap(was -> was.part().tunnel()) : rule.tunnel();
    var part =
        new RulePart(methods(rule, original, mainMode), rule.networkType(), rule.active(), own);
    String action = action(rule, dn, original).toString();
    return drafts.add(
        LdapClass.IPSEC_NFA,
        rule.id(),
        derivedId("rule " + rule.id() + " of " + policy),
        new Drafts.Content(
            rule.name(),
            rule.description(),
            part,
            Map.of(
                LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE,
                List.of(action),
                LdapAttribute.IPSEC_FILTER_REFERENCE,
                lists)),
        Optional.of(policy),
        was -> MsIpsecWriter.rule(part, opener, was));
  }

  /// A certificate whose flags came from the main mode keeps its own as they were.
  private static List<AuthMethod> methods(
      IpsecRule rule, Optional<MsOriginals.Rule> original, MainModePart mainMode) {
    var methods = new ArrayList<AuthMethod>();
    List<AuthMethod> before = original.map(was -> was.part().authentication()).orElse(List.of());
    for (int i = 0; i < rule.authentication().size(); i++) {
      AuthMethod method = rule.authentication().get(i);
      boolean same =
          i < before.size()
              && method instanceof Certificate now
              && before.get(i) instanceof Certificate was
              && now.authority().equals(was.authority())
              && now.accountMapping() == (was.accountMapping() || mainMode.accountMapping())
              && now.excludeAuthorityName()
                  == (was.excludeAuthorityName() || mainMode.noCertificateRequests());
      methods.add(same ? before.get(i) : method);
    }
    return methods;
  }

  private Dn action(IpsecRule rule, Dn owner, Optional<MsOriginals.Rule> original) {
    Optional<LdapEntry> was = original.flatMap(MsOriginals.Rule::action);
    // with filters the type says nothing, and stays what it was
    boolean defaultResponse =
        rule.isDefaultResponse()
            || was.flatMap(e -> e.text(LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE))
                .filter(type -> type.strip().equalsIgnoreCase(IpsecGuids.TYPE_DEFAULT_RESPONSE))
                .isPresent();
    var part = new ActionPart(rule.action(), defaultResponse);
    String otherId = derivedId("action of " + rule.id());
    return drafts.add(
        LdapClass.IPSEC_NEGOTIATION_POLICY,
        was.map(MsOriginals::id).orElse(otherId),
        otherId,
        new Drafts.Content(
            rule.action().name(),
            was.flatMap(e -> e.text(LdapAttribute.DESCRIPTION)).orElse(""),
            part,
            Map.of(
                LdapAttribute.IPSEC_NEGOTIATION_POLICY_ACTION,
                List.of(IpsecGuids.of(rule.action())),
                LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE,
                List.of(IpsecGuids.typeOf(part.defaultResponse())))),
        Optional.of(owner),
        bytes -> MsIpsecWriter.action(part, bytes));
  }

  /// A rule may have been read from several lists; as long as they say the same, they stay several.
  private List<String> filters(
      FilterList list, Dn owner, Optional<MsOriginals.Rule> original, boolean sameTunnel) {
    List<LdapEntry> before = original.map(MsOriginals.Rule::lists).orElse(List.of());
    List<FilterPart> parts = original.map(MsOriginals.Rule::listParts).orElse(List.of());
    var together = new ArrayList<Filter>();
    parts.forEach(part -> together.addAll(part.filters()));
    var names = new ArrayList<String>();
    if (before.size() > 1 && together.equals(list.filters())) {
      for (int i = 0; i < before.size(); i++) {
        LdapEntry entry = before.get(i);
        var one =
            new FilterList(
                MsOriginals.id(entry),
                entry.text(LdapAttribute.IPSEC_NAME).orElse(""),
                entry.text(LdapAttribute.DESCRIPTION).orElse(""),
                parts.get(i).filters());
        names.add(filters(one, tunnels(parts.get(i), sameTunnel), owner).toString());
      }
      return names;
    }
    Set<TunnelEndpoint> tunnels =
        before.size() == 1 ? tunnels(parts.getFirst(), sameTunnel) : Set.of();
    return List.of(filters(list, tunnels, owner).toString());
  }

  private static Set<TunnelEndpoint> tunnels(FilterPart part, boolean sameTunnel) {
    return sameTunnel ? part.tunnels() : Set.of();
  }

  private Dn filters(FilterList list, Set<TunnelEndpoint> tunnels, Dn owner) {
    var part = new FilterPart(list.filters(), tunnels);
    return drafts.add(
        LdapClass.IPSEC_FILTER,
        list.id(),
        derivedId("filters " + list.id() + " of " + owner),
        new Drafts.Content(list.name(), list.description(), part, Map.of()),
        Optional.of(owner),
        was -> MsIpsecWriter.filters(part, list.id(), form, was));
  }

  /// The model gives main modes and actions no id of their own; the same policy gets the same ones.
  private static String derivedId(String what) {
    return "{"
        + UUID.nameUUIDFromBytes(what.getBytes(UTF_8)).toString().toUpperCase(Locale.ROOT)
        + "}";
  }
}
