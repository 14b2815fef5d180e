package dev.reeve.model.spd;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy.None;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Policies in short: one rule per line, `ACTION FILTER[, FILTER]…`; a filter is `SOURCE[#PORTS] <>
/// DESTINATION[#PORTS] [PROTOCOL]`, with `>` instead of `<>` when it is not mirrored.
final class TestPolicy {

  static final QuickModeOffer STRONG = offer(Encryption.AES256_GCM, Integrity.NONE);
  static final QuickModeOffer WEAK = offer(Encryption.DES3, Integrity.SHA1);

  private TestPolicy() {}

  static HostPolicy of(String... rules) {
    var list = new ArrayList<IpsecRule>();
    for (int i = 0; i < rules.length; i++) list.add(rule(i + 1, rules[i]));
    return domain(list);
  }

  static HostPolicy domain(List<IpsecRule> rules) {
    return new HostPolicy(
        Optional.empty(), Optional.of(policy(rules)), Optional.empty(), HostSettings.DEFAULTS);
  }

  static IpsecPolicy policy(List<IpsecRule> rules) {
    return new IpsecPolicy(
        "{P}", "test", "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, rules);
  }

  static Spd spd(String... rules) {
    return SymbolicSpd.of(of(rules)).resolve(HostView.NONE);
  }

  static IpsecRule rule(int number, String text) {
    String action = text.substring(0, text.indexOf(' '));
    var filters = new ArrayList<Filter>();
    for (String filter : text.substring(action.length() + 1).split(",", -1)) {
      filters.add(filter(filter.strip()));
    }
    return rule(number, action(action), filters, NetworkType.ALL);
  }

  static IpsecRule rule(
      int number, FilterAction action, List<Filter> filters, NetworkType networkType) {
    return new IpsecRule(
        "{R" + number + "}",
        "rule " + number,
        "",
        true,
        Optional.of(new FilterList("{F" + number + "}", "", "", filters)),
        action,
        List.of(AuthMethod.Kerberos.KERBEROS),
        Optional.empty(),
        networkType);
  }

  static FilterAction action(String text) {
    return switch (text) {
      case "permit" -> new FilterAction.Permit("");
      case "block" -> new FilterAction.Block("");
      case "require" -> new FilterAction.Negotiate("", List.of(STRONG), false, false);
      case "pass-through" -> new FilterAction.Negotiate("", List.of(STRONG), true, false);
      case "request" -> new FilterAction.Negotiate("", List.of(STRONG), true, true);
      case "weak" -> new FilterAction.Negotiate("", List.of(WEAK), true, true);
      default -> throw new IllegalArgumentException(text);
    };
  }

  static Filter filter(String text) {
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
        "");
  }

  private static QuickModeOffer offer(Encryption encryption, Integrity integrity) {
    return new QuickModeOffer(
        Optional.of(new Esp(encryption, integrity)),
        Optional.empty(),
        QuickModeOffer.DEFAULT_LIFETIME,
        QuickModeOffer.DEFAULT_KILOBYTES,
        None.NONE);
  }
}
