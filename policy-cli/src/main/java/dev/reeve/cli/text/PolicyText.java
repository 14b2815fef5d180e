package dev.reeve.cli.text;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.net.PortRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// An IPsec policy in plain words, as `gpresult -v` and `rsop plan -v` print it. Weak algorithms
/// are marked `(weak)`.
public final class PolicyText {

  private static final int LABEL = 2;
  private static final int VALUE = 22;

  private final Page page = new Page();

  private PolicyText() {}

  public static List<String> lines(IpsecPolicy policy) {
    var text = new PolicyText();
    text.policy(policy);
    return text.page.lines();
  }

  private void policy(IpsecPolicy policy) {
    page.text(0, 2, "IPsec policy \"" + policy.name() + "\"");
    if (!policy.description().isBlank()) page.text(LABEL, policy.description());
    field("Policy id", policy.id());
    field("Looks for changes", "every " + Words.of(policy.pollingInterval()));
    mainMode(policy.mainMode());
    warnings(policy);
    // Rules have no order; shown by name so that one policy always reads the same.
    policy.rules().stream()
        .sorted(
            Comparator.comparing(IpsecRule::isDefaultResponse)
                .thenComparing(PolicyText::nameOf)
                .thenComparing(IpsecRule::id))
        .forEach(this::rule);
    if (policy.rules().stream().anyMatch(PolicyText::namesKerberos)) {
      page.blank()
          .text(
              LABEL,
              "The machine certificate is the one that Reeve's own CA issues to every host that"
                  + " joins; it takes the place of Kerberos on Linux.");
    }
    if (policy.rules().isEmpty()) page.blank().text(LABEL, "The policy has no rules.");
  }

  private static boolean namesKerberos(IpsecRule rule) {
    return rule.action() instanceof Negotiate
        && rule.authentication().contains(AuthMethod.Kerberos.KERBEROS);
  }

  private void mainMode(MainMode mode) {
    field(
        "Main mode (IKE)",
        "new keys after "
            + Words.of(mode.lifetime())
            + (mode.quickModesPerMainMode() == 0
                ? ""
                : " or " + Words.count(mode.quickModesPerMainMode(), "quick mode"))
            + (mode.perfectForwardSecrecy() ? "; master key perfect forward secrecy" : ""));
    numbered(mode.proposals().stream().map(PolicyText::proposal).toList());
  }

  private static String proposal(MainModeProposal proposal) {
    return Words.of(proposal.encryption())
        + ", "
        + Words.of(proposal.integrity())
        + ", "
        + Words.of(proposal.group());
  }

  /// What makes a policy useless on a host that does not allow weak algorithms.
  private void warnings(IpsecPolicy policy) {
    boolean negotiates = policy.rules().stream().anyMatch(r -> r.action() instanceof Negotiate);
    if (negotiates && policy.mainMode().proposals().stream().allMatch(MainModeProposal::isWeak)) {
      page.text(
          LABEL,
          "Every main-mode proposal is weak: only hosts with the setting \"legacy\" can negotiate"
              + " with this policy; all others fail closed and report it.");
    }
  }

  private void rule(IpsecRule rule) {
    page.blank()
        .text(
            LABEL,
            LABEL + 2,
            "Rule \"" + nameOf(rule) + "\"" + (rule.active() ? "" : " (not active)"));
    if (!rule.description().isBlank() && !rule.description().equals(nameOf(rule))) {
      page.text(LABEL + 2, rule.description());
    }
    rule.filters()
        .ifPresentOrElse(
            list -> {
              inner("Filter list", list.name().isBlank() ? list.id() : list.name());
              list.filters().forEach(filter -> page.text(VALUE + 2, VALUE + 4, filter(filter)));
              if (list.filters().isEmpty()) page.text(VALUE + 2, "(no filters: matches nothing)");
            },
            () ->
                inner(
                    "Filter list",
                    "none: answers peers that ask for security, and starts nothing itself"));
    action(rule);
    if (rule.action() instanceof Negotiate) authentication(rule.authentication());
    inner(
        "Tunnel",
        rule.tunnel()
            .map(end -> "to " + end.toString().replaceFirst("^name:", ""))
            .orElse("none (transport mode)"));
    inner(
        "Network type",
        switch (rule.networkType()) {
          case NetworkType.ALL -> "all network connections";
          case NetworkType.LAN -> "local area network (LAN)";
          case NetworkType.REMOTE -> "remote access";
        });
  }

  private static String nameOf(IpsecRule rule) {
    if (rule.isDefaultResponse()) return "Default response";
    return Stream.of(
            rule.name(), rule.filters().map(list -> list.name()).orElse(""), rule.action().name())
        .filter(name -> !name.isBlank())
        .findFirst()
        .orElse(rule.id());
  }

  private void action(IpsecRule rule) {
    FilterAction action = rule.action();
    String name = action.name().isBlank() ? "" : " (\"" + action.name() + "\")";
    switch (action) {
      case FilterAction.Permit _ -> inner("Filter action", "permit" + name);
      case FilterAction.Block _ -> inner("Filter action", "block" + name);
      case Negotiate negotiate -> {
        inner("Filter action", "negotiate security" + name);
        if (!rule.isDefaultResponse()) inner("Posture", posture(negotiate));
        inner("Security methods", "most preferred first");
        numbered(negotiate.offers().stream().map(PolicyText::offer).toList());
        if (negotiate.offers().stream().allMatch(QuickModeOffer::isWeak)) {
          page.text(VALUE, "All of them are weak: they need the host setting \"legacy\".");
        }
      }
    }
  }

  private static String posture(Negotiate action) {
    return action.posture()
        + switch (action.posture()) {
          case REQUIRE -> ": no clear packet either way";
          case REQUIRE_PASS_THROUGH ->
              ": a first packet may come in clear, the answer is secured, nothing leaves in clear";
          case REQUEST ->
              ": secured with peers that can, clear with peers that cannot"
                  + (action.acceptUnsecuredInbound() ? "" : "; a peer may not begin in clear");
        };
  }

  public static String offer(QuickModeOffer offer) {
    var parts = new ArrayList<String>();
    offer.ah().ifPresent(hash -> parts.add("AH " + Words.of(hash)));
    offer
        .esp()
        .ifPresent(esp ->
            parts.add(
                "ESP "
                    + Words.of(esp.encryption())
                    + (esp.encryption().isAead()
                        ? ""
                        : esp.integrity() == Integrity.NONE
                            ? ", no integrity"
                            : ", " + Words.of(esp.integrity()))));
    return String.join(" + ", parts)
        + "; new keys after "
        + Words.of(offer.lifetime())
        + " or "
        + Words.count(offer.kilobytes())
        + " KB"
        + switch (offer.pfs()) {
          case PerfectForwardSecrecy.None _ -> "";
          case PerfectForwardSecrecy.MainModeGroup _ ->
              "; perfect forward secrecy, group of the main mode";
          case PerfectForwardSecrecy.Group(var group) ->
              "; perfect forward secrecy, " + Words.of(group);
        };
  }

  private void authentication(List<AuthMethod> methods) {
    inner(
        "Authentication",
        methods.size() == 1 ? authentication(methods.getFirst()) : "in this order");
    if (methods.size() > 1) {
      numbered(methods.stream().map(PolicyText::authentication).toList());
      page.text(VALUE, "After a failed authentication a weaker method is never tried.");
    }
  }

  public static String authentication(AuthMethod method) {
    return switch (method) {
      case AuthMethod.Kerberos _ -> "Kerberos (by machine certificate: IKEv2 has no Kerberos)";
      case AuthMethod.Certificate(var authority, var mapping, var exclude) ->
          "certificate issued by "
              + authority
              + (mapping ? "; must belong to a computer of the directory" : "")
              + (exclude ? "; the CA's name is left out of requests" : "");
      case AuthMethod.PreSharedKey _ -> "pre-shared key (sealed; not shown)";
    };
  }

  /// One line per filter, in the direction it is written.
  public static String filter(Filter filter) {
    return end(filter.source(), filter.sourcePorts())
        + (filter.mirrored() ? " <-> " : " -> ")
        + end(filter.destination(), filter.destinationPorts())
        + ", "
        + (filter.protocol().isAny() ? "any protocol" : protocol(filter))
        + (filter.mirrored() ? "" : ", not mirrored")
        + (filter.description().isBlank() ? "" : " (" + filter.description() + ")");
  }

  private static String protocol(Filter filter) {
    String text = filter.protocol().toString();
    return Character.isDigit(text.charAt(0))
        ? "protocol " + text
        : text.toUpperCase(java.util.Locale.ROOT);
  }

  private static String end(AddressSpec address, PortRange ports) {
    String who =
        switch (address) {
          case AddressSpec.Me _ -> "me";
          case AddressSpec.Any _ -> "any";
          case AddressSpec.Subnet(var prefix) -> prefix.toString();
          case AddressSpec.Range(var range) -> range.toString();
          case AddressSpec.Name(var name) -> name;
          case AddressSpec.Servers servers ->
              switch (servers) {
                case DNS -> "the DNS servers";
                case WINS -> "the WINS servers";
                case DHCP -> "the DHCP server";
                case GATEWAY -> "the default gateway";
              };
        };
    return ports.isAny()
        ? who
        : who + (ports.first() == ports.last() ? " port " : " ports ") + ports;
  }

  private void field(String label, String value) {
    page.field(LABEL, VALUE, label, value);
  }

  private void inner(String label, String value) {
    page.field(LABEL + 2, VALUE, label, value);
  }

  private void numbered(List<String> items) {
    for (int i = 0; i < items.size(); i++) {
      page.text(VALUE, VALUE + 3, i + 1 + ". " + items.get(i));
    }
  }
}
