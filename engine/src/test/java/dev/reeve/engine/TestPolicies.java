package dev.reeve.engine;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy.None;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Policies in short: one rule per line, `ACTION FILTER[, FILTER]… [on lan|remote] [via ADDRESS]`;
/// a filter is `SOURCE[#PORTS] <> DESTINATION[#PORTS] [PROTOCOL]`, with `>` when it is not
/// mirrored. `respond` alone is the default response rule. An action that negotiates may end in
/// `-ah` or `-both`: AH in place of ESP, or around it.
public final class TestPolicies {

  private static final Esp GCM = new Esp(Encryption.AES256_GCM, Integrity.NONE);

  private TestPolicies() {}

  public static HostPolicy of(String... rules) {
    var list = new ArrayList<IpsecRule>();
    for (int i = 0; i < rules.length; i++) list.add(rule("{R" + (i + 1) + "}", rules[i]));
    return of(list);
  }

  public static HostPolicy of(List<IpsecRule> rules) {
    var policy =
        new IpsecPolicy(
            "{P}", "test", "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, rules);
    return new HostPolicy(
        Optional.empty(), Optional.of(policy), Optional.empty(), HostSettings.DEFAULTS);
  }

  /// The same rules under another main mode.
  public static HostPolicy with(MainMode mainMode, HostPolicy policy) {
    IpsecPolicy before = policy.active().orElseThrow();
    var after =
        new IpsecPolicy(
            before.id(),
            before.name(),
            before.description(),
            before.pollingInterval(),
            mainMode,
            before.rules());
    return new HostPolicy(
        policy.persistent(), Optional.of(after), Optional.empty(), policy.settings());
  }

  /// The same policy under these settings.
  public static HostPolicy with(Map<HostSetting, Integer> numbers, HostPolicy policy) {
    var values = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    numbers.forEach((setting, number) -> values.put(setting, JsonValue.of(number)));
    return new HostPolicy(
        policy.persistent(), policy.domain(), policy.local(), new HostSettings(values));
  }

  /// What hosts are given whose traffic is to be secured by and by; `none` and `strict` are its
  /// ends.
  public static HostPolicy posture(String name) {
    return switch (name) {
      case "none" -> HostPolicy.EMPTY;
      case "client" -> of("respond");
      case "server" -> of("request me <> any", "respond");
      case "secure" -> of("pass-through me <> any", "respond");
      case "strict" -> of("require me <> any");
      default -> throw new IllegalArgumentException(name);
    };
  }

  public static IpsecRule rule(String id, String text) {
    return rule(id, "rule " + id, text);
  }

  public static IpsecRule rule(String id, String name, String text) {
    return text.startsWith("respond")
        ? new IpsecRule(
            id,
            name,
            name,
            true,
            Optional.empty(),
            action(text.replace("respond", "request"), name),
            List.of(AuthMethod.Kerberos.KERBEROS),
            Optional.empty(),
            NetworkType.ALL)
        : filtered(id, name, text);
  }

  /// The same rule, required by these offers alone.
  public static IpsecRule offering(IpsecRule rule, QuickModeOffer... offers) {
    return new IpsecRule(
        rule.id(),
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters(),
        new FilterAction.Negotiate("require", List.of(offers), false, false),
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }

  /// The same policy with that authentication for every rule.
  public static HostPolicy authenticated(HostPolicy policy, AuthMethod... methods) {
    return of(
        policy.active().orElseThrow().rules().stream()
            .map(rule ->
                new IpsecRule(
                    rule.id(),
                    rule.name(),
                    rule.description(),
                    rule.active(),
                    rule.filters(),
                    rule.action(),
                    List.of(methods),
                    rule.tunnel(),
                    rule.networkType()))
            .toList());
  }

  private static IpsecRule filtered(String id, String name, String text) {
    String[] via = text.split(" via ");
    String[] on = via[0].split(" on ");
    String action = on[0].substring(0, on[0].indexOf(' '));
    var filters = new ArrayList<Filter>();
    for (String filter : on[0].substring(action.length() + 1).split(",", -1)) {
      filters.add(filter(filter.strip(), name));
    }
    return new IpsecRule(
        id,
        name,
        name,
        true,
        Optional.of(new FilterList("{F}", name, name, filters)),
        action(action, name),
        List.of(AuthMethod.Kerberos.KERBEROS),
        via.length > 1 ? Optional.of(TunnelEndpoint.parse(via[1])) : Optional.empty(),
        on.length > 1 ? NetworkType.parse(on[1]) : NetworkType.ALL);
  }

  private static FilterAction action(String text, String name) {
    String[] words = text.split("-(?=ah|both)");
    var strong =
        List.of(
            switch (words.length > 1 ? words[1] : "esp") {
              case "ah" -> offer(Optional.empty(), Optional.of(Integrity.SHA256));
              case "both" -> offer(Optional.of(GCM), Optional.of(Integrity.SHA256));
              default -> offer(Optional.of(GCM), Optional.empty());
            });
    return switch (words[0]) {
      case "permit" -> new FilterAction.Permit(name);
      case "block" -> new FilterAction.Block(name);
      case "require" -> new FilterAction.Negotiate(name, strong, false, false);
      case "pass-through" -> new FilterAction.Negotiate(name, strong, true, false);
      case "request" -> new FilterAction.Negotiate(name, strong, true, true);
      case "weak" ->
          new FilterAction.Negotiate(
              name, List.of(offer(Encryption.DES3, Integrity.SHA1)), true, true);
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Filter filter(String text, String description) {
    String[] words = text.split(" +");
    String[] source = words[0].split("#");
    String[] destination = words[2].split("#");
    return new Filter(
        AddressSpec.parse(source[0]),
        AddressSpec.parse(destination[0]),
        words.length > 3 ? IpProtocol.parse(words[3]) : IpProtocol.ANY,
        PortRange.parse(source.length > 1 ? source[1] : "any"),
        PortRange.parse(destination.length > 1 ? destination[1] : "any"),
        words[1].equals("<>"),
        description);
  }

  public static QuickModeOffer offer(Encryption encryption, Integrity integrity) {
    return offer(Optional.of(new Esp(encryption, integrity)), Optional.empty());
  }

  public static QuickModeOffer offer(Optional<Esp> esp, Optional<Integrity> ah) {
    return new QuickModeOffer(
        esp, ah, QuickModeOffer.DEFAULT_LIFETIME, QuickModeOffer.DEFAULT_KILOBYTES, None.NONE);
  }
}
