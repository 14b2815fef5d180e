package dev.reeve.benchmarks;

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
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Policies of many filters in twelve shapes, ranges of ports among them, of which every tenth is
/// negotiated. Nothing in them concerns 198.18.0.0/15, the network for benchmarks (RFC 2544).
final class ManyFilters {

  static final int SHAPES = 12;

  private ManyFilters() {}

  /// @param count of filters, all mirrored; a multiple of 12 holds each shape equally often
  /// @param variant other values of the same shapes
  static HostPolicy of(int count, int variant) {
    var permitted = new ArrayList<Filter>();
    var blocked = new ArrayList<Filter>();
    var required = new ArrayList<Filter>();
    for (int i = 0; i < count; i++) {
      int row = i / SHAPES;
      int action = (i + row) % 10; // each shape has all of them, and so have twelve filters
      (action == 1 ? required : action < 5 ? permitted : blocked)
          .add(filter(i % SHAPES, row + variant * 1000));
    }
    var rules = new ArrayList<IpsecRule>();
    add("permit", permitted, new FilterAction.Permit("permit"), rules);
    add("block", blocked, new FilterAction.Block("block"), rules);
    add("require", required, require(), rules);
    var policy =
        new IpsecPolicy(
            "{P}", "many", "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, rules);
    return new HostPolicy(
        Optional.empty(), Optional.of(policy), Optional.empty(), HostSettings.DEFAULTS);
  }

  private static FilterAction require() {
    var esp = new QuickModeOffer.Esp(Encryption.AES256_GCM, Integrity.NONE);
    return new FilterAction.Negotiate(
        "require",
        List.of(
            new QuickModeOffer(
                Optional.of(esp),
                Optional.empty(),
                QuickModeOffer.DEFAULT_LIFETIME,
                QuickModeOffer.DEFAULT_KILOBYTES,
                QuickModeOffer.PerfectForwardSecrecy.None.NONE)),
        false,
        false);
  }

  private static void add(
      String name, List<Filter> filters, FilterAction action, List<IpsecRule> rules) {
    if (filters.isEmpty()) return;
    rules.add(
        new IpsecRule(
            "{" + name + "}",
            name,
            "",
            true,
            Optional.of(new FilterList("{F}", name, "", filters)),
            action,
            List.of(new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}))),
            Optional.empty(),
            NetworkType.ALL));
  }

  private static Filter filter(int shape, int n) {
    String host = "10.%d.%d.%d".formatted(shape, n / 250, 1 + n % 250);
    String net = "11.%d.%d.0/24".formatted(shape * 16 + n / 250, n % 250);
    int port = 1 + n % 60_000;
    return switch (shape) {
      case 0 -> filter(0, 0, host, 0, 0, IpProtocol.ANY);
      case 1 -> filter(0, 0, host, 0, 0, IpProtocol.TCP);
      case 2 -> filter(0, 0, host, 443, 443, IpProtocol.TCP);
      case 3 -> filter(port, port, host, 0, 0, IpProtocol.TCP);
      case 4 -> filter(0, 0, net, 0, 0, IpProtocol.ANY);
      case 5 -> filter(0, 0, net, 0, 0, IpProtocol.TCP);
      case 6 -> filter(port, port, net, 0, 0, IpProtocol.UDP);
      case 7 -> filter(port, port, "any", 0, 0, IpProtocol.TCP);
      case 8 -> filter(0, 0, "%d.%d.0.0/16".formatted(20 + n / 250, n % 250), 0, 0, IpProtocol.UDP);
      case 9 -> filter(1000, 2000 + n % 100, net, 0, 0, IpProtocol.TCP);
      case 10 -> filter(0, 0, "2001:db8:%x::/48".formatted(n), 0, 0, IpProtocol.ANY);
      default -> filter(port, port, "2001:db8:%x:1::/64".formatted(n), 0, 0, IpProtocol.TCP);
    };
  }

  private static Filter filter(
      int first, int last, String peer, int peerFirst, int peerLast, IpProtocol protocol) {
    return new Filter(
        AddressSpec.Me.ME,
        AddressSpec.parse(peer),
        protocol,
        first == 0 ? PortRange.ANY : new PortRange(first, last),
        peerFirst == 0 ? PortRange.ANY : new PortRange(peerFirst, peerLast),
        true,
        "");
  }

  /// The same filters as a chain of one rule each, as an administrator would write them by hand.
  static String oneRuleEach(HostPolicy policy) {
    var text = new StringBuilder("table inet naive\ndelete table inet naive\ntable inet naive {\n");
    text.append("  chain entries {\n");
    for (SpdEntry entry : SymbolicSpd.of(policy).resolve(HostView.NONE).entries()) {
      text.append("    ").append(matches(entry.selector()));
      text.append(entry.action() == SpdAction.Permit.PERMIT ? "accept\n" : "drop\n");
    }
    return text.append(
            """
              }
              chain prerouting {
                type filter hook prerouting priority -110; policy accept;
                iifname "lo" accept
                goto entries
              }
              chain postrouting {
                type filter hook postrouting priority 200; policy accept;
                oifname "lo" accept
                goto entries
              }
            }
            """)
        .toString();
  }

  private static String matches(Selector selector) {
    return end("saddr", selector.source())
        + end("daddr", selector.destination())
        + (selector.protocol().isAny() ? "" : "meta l4proto " + selector.protocol().number() + " ")
        + (selector.sourcePorts().isAny() ? "" : "th sport " + selector.sourcePorts() + " ")
        + (selector.destinationPorts().isAny()
            ? ""
            : "th dport " + selector.destinationPorts() + " ");
  }

  private static String end(String side, SpdAddress address) {
    return switch (address) {
      case SpdAddress.Any _ -> "";
      case SpdAddress.Me _ -> "fib " + side + " type local ";
      case SpdAddress.Prefix(var prefix) ->
          (prefix.family().bits() == 32 ? "ip " : "ip6 ") + side + " " + prefix + " ";
      case SpdAddress.Range(var range) -> "ip " + side + " " + range + " ";
    };
  }
}
