package dev.reeve.schema.write;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ipsec.Finding.Effect;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.ms.MsAlgorithms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What of a policy Microsoft's form can carry.
///
/// A proposal, an offer or a way to authenticate that it has no number for is left out as long as
/// another remains. A rule is never left out, nor is a filter: traffic would then go unprotected
/// that the policy protects. Such a policy is refused as a whole.
public final class MsCarrier {

  private static final long MOST_KILOBYTES = 0xffff_ffffL;

  private final IpsecPolicy policy;
  private final FilterForm form;
  private final Predicate<SealedSecret> canOpen;
  private final List<Finding> findings = new ArrayList<>();

  private MsCarrier(IpsecPolicy policy, FilterForm form, Predicate<SealedSecret> canOpen) {
    this.policy = policy;
    this.form = form;
    this.canOpen = canOpen;
  }

  /// @param policy what can be written; empty when the policy is refused
  public record Carried(Optional<IpsecPolicy> policy, List<Finding> findings) {
    public Carried {
      findings = List.copyOf(findings);
    }
  }

  /// @param canOpen whether the pre-shared key can be had in the clear, and may be
  public static Carried carry(
      IpsecPolicy policy, FilterForm form, Predicate<SealedSecret> canOpen) {
    return new MsCarrier(policy, form, canOpen).carry();
  }

  private Carried carry() {
    if (policy.rules().isEmpty()) refuse(Code.NO_RULE, "", "the policy has no rule");
    boolean negotiates = policy.rules().stream().anyMatch(r -> r.action() instanceof Negotiate);
    MainMode mainMode = negotiates ? mainMode() : unused();
    var rules = new ArrayList<IpsecRule>();
    for (IpsecRule rule : policy.rules()) rules.add(rule(rule));
    if (findings.stream().anyMatch(f -> f.effect() == Effect.REFUSED)) {
      return new Carried(Optional.empty(), findings);
    }
    return new Carried(
        Optional.of(
            new IpsecPolicy(
                policy.id(),
                policy.name(),
                policy.description(),
                policy.pollingInterval(),
                mainMode,
                rules)),
        findings);
  }

  private MainMode mainMode() {
    MainMode mode = policy.mainMode();
    var kept = new ArrayList<MainModeProposal>();
    for (MainModeProposal proposal : mode.proposals()) {
      if (MsAlgorithms.carries(proposal)) kept.add(proposal);
      else
        leaveOut(
            Code.ALGORITHM,
            "main mode",
            "proposal " + proposal + " has no number in Microsoft's form");
    }
    if (kept.isEmpty()) {
      refuse(Code.NO_PROPOSAL_LEFT, "main mode", "no proposal is left to agree on");
      return mode;
    }
    return with(mode, kept);
  }

  /// Nobody negotiates with this policy, and the form wants a proposal all the same.
  private MainMode unused() {
    MainMode mode = policy.mainMode();
    List<MainModeProposal> kept = mode.proposals().stream().filter(MsAlgorithms::carries).toList();
    if (kept.size() == mode.proposals().size()) return mode;
    note(
        Code.MAIN_MODE_UNUSED,
        "main mode",
        "no rule negotiates, so nothing of it counts; proposals that the form has no number for are"
            + " not written");
    return with(mode, kept.isEmpty() ? List.of(MsObjectWriter.USUAL_PROPOSAL) : kept);
  }

  private static MainMode with(MainMode mode, List<MainModeProposal> proposals) {
    return new MainMode(
        mode.perfectForwardSecrecy(), mode.quickModesPerMainMode(), mode.lifetime(), proposals);
  }

  private IpsecRule rule(IpsecRule rule) {
    String shown = shown(rule);
    rule.tunnel().ifPresent(tunnel -> tunnel(shown, tunnel));
    return new IpsecRule(
        rule.id(),
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters().map(list -> filters(shown, list)),
        action(shown, rule.action()),
        authentication(shown, rule),
        rule.tunnel(),
        rule.networkType());
  }

  private static String shown(IpsecRule rule) {
    return "rule " + (rule.name().isBlank() ? rule.id() : "'" + rule.name() + "'");
  }

  private void tunnel(String rule, TunnelEndpoint tunnel) {
    if (tunnel == TunnelEndpoint.Me.ME) {
      refuse(Code.TUNNEL_ENDPOINT, rule, "the tunnel endpoint 'me' has no form there");
    }
    if (tunnel instanceof TunnelEndpoint.Address(var address)
        && address.high() == 0
        && address.low() == 0) {
      refuse(Code.TUNNEL_ENDPOINT, rule, "the tunnel endpoint " + address + " means none there");
    }
  }

  private FilterList filters(String rule, FilterList list) {
    var kept = new ArrayList<Filter>();
    for (Filter filter : list.filters()) {
      if (form == FilterForm.A && !MsAlgorithms.fitsFormA(filter)) {
        refuse(Code.FILTER, rule, "filter " + filter + " does not fit into form A");
      }
      if (isName(filter.source()) || isName(filter.destination())) {
        note(
            Code.DNS_NAME,
            rule,
            "filter "
                + filter
                + " is written with its name and no address: a reader that does not resolve it"
                + " matches nothing");
      }
      if (filter.description().indexOf('\0') < 0) kept.add(filter);
      else kept.add(described(rule, filter));
    }
    return new FilterList(list.id(), list.name(), list.description(), kept);
  }

  private static boolean isName(AddressSpec spec) {
    return spec instanceof AddressSpec.Name;
  }

  private Filter described(String rule, Filter filter) {
    add(
        Effect.CHANGED,
        Code.TEXT,
        rule,
        "the description of filter " + filter + " loses its zero characters: text ends there");
    return new Filter(
        filter.source(),
        filter.destination(),
        filter.protocol(),
        filter.sourcePorts(),
        filter.destinationPorts(),
        filter.mirrored(),
        filter.description().replace("\0", ""));
  }

  private FilterAction action(String rule, FilterAction action) {
    if (!(action instanceof Negotiate negotiate)) return action;
    var kept = new ArrayList<QuickModeOffer>();
    for (QuickModeOffer offer : negotiate.offers()) {
      if (MsAlgorithms.carries(offer)) kept.add(near(rule, offer));
      else
        leaveOut(
            Code.ALGORITHM, rule, "offer " + shown(offer) + " has no number in Microsoft's form");
    }
    if (kept.isEmpty()) {
      refuse(Code.NO_OFFER_LEFT, rule, "no offer is left to agree on");
      return action;
    }
    return new Negotiate(
        negotiate.name(),
        kept,
        negotiate.acceptUnsecuredInbound(),
        negotiate.allowFallbackToClear());
  }

  private QuickModeOffer near(String rule, QuickModeOffer offer) {
    offer
        .esp()
        .map(QuickModeOffer.Esp::encryption)
        .filter(e -> e == Encryption.DES || e == Encryption.NULL)
        .ifPresent(e ->
            note(
                Code.AMBIGUOUS_ALGORITHM,
                rule,
                "ESP "
                    + e
                    + " is written as Windows writes it; the text of the specification numbers DES"
                    + " and no encryption differently"));
    PerfectForwardSecrecy pfs = offer.pfs();
    if (pfs instanceof PerfectForwardSecrecy.Group(var group)) {
      add(
          Effect.CHANGED,
          Code.PFS_GROUP,
          rule,
          "perfect forward secrecy with " + group + " becomes one with the main mode's group");
      pfs = PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP;
    }
    if (offer.kilobytes() > MOST_KILOBYTES) {
      add(
          Effect.CHANGED,
          Code.KILOBYTES,
          rule,
          offer.kilobytes() + " KB become " + MOST_KILOBYTES + ", the most there is room for");
    }
    return new QuickModeOffer(
        offer.esp(),
        offer.ah(),
        offer.lifetime(),
        Math.min(offer.kilobytes(), MOST_KILOBYTES),
        pfs);
  }

  private static String shown(QuickModeOffer offer) {
    var parts = new ArrayList<String>();
    offer.ah().ifPresent(ah -> parts.add("AH " + ah));
    offer.esp().ifPresent(esp -> parts.add("ESP " + esp.encryption() + " " + esp.integrity()));
    return String.join(" + ", parts);
  }

  private List<AuthMethod> authentication(String rule, IpsecRule of) {
    var kept = new ArrayList<AuthMethod>();
    for (AuthMethod method : of.authentication()) {
      switch (method) {
        case AuthMethod.Kerberos _ -> kept.add(method);
        case AuthMethod.Certificate(var authority, _, _) -> {
          if (authority.indexOf('\0') < 0) kept.add(method);
          else leaveOut(Code.TEXT, rule, "a CA name with a zero character inside");
        }
        case AuthMethod.PreSharedKey(var key) -> {
          if (!canOpen.test(key)) {
            leaveOut(Code.PRE_SHARED_KEY, rule, "the pre-shared key is sealed, and stays so");
          } else {
            kept.add(method);
            note(
                Code.SECRET_READABLE,
                rule,
                "the pre-shared key is written readable: Microsoft's form knows no other way");
          }
        }
      }
    }
    if (kept.isEmpty() && of.action() instanceof Negotiate) {
      refuse(Code.NO_AUTHENTICATION_LEFT, rule, "no way to authenticate is left");
      return of.authentication();
    }
    return kept;
  }

  private void note(Code code, String object, String detail) {
    add(Effect.NOTE, code, object, detail);
  }

  private void leaveOut(Code code, String object, String detail) {
    add(Effect.LEFT_OUT, code, object, detail);
  }

  private void refuse(Code code, String object, String detail) {
    add(Effect.REFUSED, code, object, detail);
  }

  private void add(Effect effect, Code code, String object, String detail) {
    String name = policy.name().isBlank() ? policy.id() : policy.name();
    var finding = new Finding(effect, code, name, object, detail);
    if (!findings.contains(finding)) findings.add(finding);
  }
}
