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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Policies of many rules, each of which requires security with one peer in 10.0.0.0/8, and the
/// same as an administrator would write them for swanctl.
final class ManyRules {

  private ManyRules() {}

  /// How the rules are negotiated.
  enum Terms {
    SAME,
    /// Lifetimes in bytes that differ: nothing can be shared.
    EACH_ITS_OWN;

    long kilobytes(int rule) {
      return QuickModeOffer.DEFAULT_KILOBYTES + (this == SAME ? 0 : rule * 1024L);
    }
  }

  /// @param variant the same rules with other peers
  static HostPolicy of(int count, int variant, Terms terms) {
    var rules = new ArrayList<IpsecRule>();
    for (int i = 0; i < count; i++) {
      String id = "{" + i + "}";
      var filter =
          new Filter(
              AddressSpec.Me.ME,
              AddressSpec.parse(peer(i, variant)),
              IpProtocol.ANY,
              PortRange.ANY,
              PortRange.ANY,
              true,
              "");
      rules.add(
          new IpsecRule(
              id,
              "rule " + i,
              "",
              true,
              Optional.of(new FilterList(id, "peer " + i, "", List.of(filter))),
              action(terms.kilobytes(i)),
              List.of(new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}))),
              Optional.empty(),
              NetworkType.ALL));
    }
    var policy =
        new IpsecPolicy(
            "{P}", "many rules", "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, rules);
    return new HostPolicy(
        Optional.empty(), Optional.of(policy), Optional.empty(), HostSettings.DEFAULTS);
  }

  private static String peer(int rule, int variant) {
    return "10.%d.%d.%d".formatted(1 + variant, rule / 250, 1 + rule % 250);
  }

  private static FilterAction action(long kilobytes) {
    var esp = new QuickModeOffer.Esp(Encryption.AES256_GCM, Integrity.NONE);
    return new FilterAction.Negotiate(
        "require",
        List.of(
            new QuickModeOffer(
                Optional.of(esp),
                Optional.empty(),
                QuickModeOffer.DEFAULT_LIFETIME,
                kilobytes,
                QuickModeOffer.PerfectForwardSecrecy.None.NONE)),
        false,
        false);
  }

  /// The contents of `swanctl.conf`.
  static String swanctl(int count, int variant, Terms terms, byte[] key) {
    var text = new StringBuilder("connections {\n");
    for (int i = 0; i < count; i++) {
      text.append(
          """
            peer%1$d {
              version = 2
              remote_addrs = %2$s
              proposals = aes256gcm16-prfsha384-ecp384
              local {
                auth = psk
              }
              remote {
                auth = psk
              }
              children {
                peer%1$d {
                  mode = transport
                  remote_ts = %2$s
                  esp_proposals = aes256gcm16
                  life_bytes = %3$d
                  start_action = trap
                }
              }
            }
          """
              .formatted(i, peer(i, variant), terms.kilobytes(i) * 1024));
    }
    String secret = Base64.getEncoder().encodeToString(key);
    return text.append("}\nsecrets {\n  ike {\n    secret = 0s")
        .append(secret)
        .append("\n  }\n}\n")
        .toString();
  }
}
