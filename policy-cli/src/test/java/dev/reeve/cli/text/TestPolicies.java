package dev.reeve.cli.text;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Policies that tests print.
public final class TestPolicies {

  private TestPolicies() {}

  /// Blocks telnet to this host.
  public static IpsecPolicy block(String id, String name) {
    String number = id.substring(1, 9);
    var telnet = filter("any", "me", IpProtocol.TCP, PortRange.of(23), "");
    return new IpsecPolicy(
        id,
        name,
        "",
        IpsecPolicy.DEFAULT_POLLING_INTERVAL,
        MainMode.DEFAULT,
        List.of(
            new IpsecRule(
                "{" + number + "-0000-0000-0000-00000000000A}",
                "Block telnet",
                "",
                true,
                Optional.of(
                    new FilterList(
                        "{" + number + "-0000-0000-0000-00000000000B}",
                        "Telnet",
                        "",
                        List.of(telnet))),
                new FilterAction.Block("Block"),
                List.of(),
                Optional.empty(),
                NetworkType.ALL)));
  }

  /// One of everything.
  static IpsecPolicy modern() {
    return new IpsecPolicy(
        "{A0000000-0000-0000-0000-000000000001}",
        "Web servers",
        "What the web servers may say in clear, and what not.",
        Duration.ofMinutes(90),
        new MainMode(true, 3, Duration.ofHours(4), MainMode.DEFAULT.proposals()),
        List.of(defaultResponse(), management(), branchTunnel(), publicWeb()));
  }

  private static IpsecRule management() {
    var filters =
        List.of(
            filter("me", "10.20.0.0/16", IpProtocol.TCP, PortRange.of(22), "administrators"),
            filter("me", "fd00:20::/48", IpProtocol.ANY, PortRange.ANY, ""),
            new Filter(
                AddressSpec.parse("me"),
                AddressSpec.parse("dns"),
                IpProtocol.UDP,
                new PortRange(1024, 65535),
                PortRange.of(53),
                false,
                ""));
    return new IpsecRule(
        "{A0000000-0000-0000-0000-000000000002}",
        "Management",
        "",
        true,
        Optional.of(
            new FilterList("{A0000000-0000-0000-0000-000000000003}", "Management", "", filters)),
        new FilterAction.Negotiate(
            "Require ESP",
            List.of(
                offer(Encryption.AES256_GCM, Integrity.NONE, PerfectForwardSecrecy.None.NONE),
                offer(
                    Encryption.AES128,
                    Integrity.SHA256,
                    new PerfectForwardSecrecy.Group(DhGroup.ECP256)),
                new QuickModeOffer(
                    Optional.of(new Esp(Encryption.NULL, Integrity.SHA256)),
                    Optional.of(Integrity.SHA256),
                    Duration.ofSeconds(5400),
                    1_000_000,
                    PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP)),
            false,
            false),
        List.of(
            new AuthMethod.Certificate("CN=Corp CA,O=Corp", true, true),
            AuthMethod.Kerberos.KERBEROS,
            new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1, 2, 3}))),
        Optional.empty(),
        NetworkType.LAN);
  }

  private static IpsecRule branchTunnel() {
    return new IpsecRule(
        "{A0000000-0000-0000-0000-000000000004}",
        "Branch tunnel",
        "Everything for the branch goes through its gateway.",
        false,
        Optional.of(
            new FilterList(
                "{A0000000-0000-0000-0000-000000000005}",
                "Branch",
                "",
                List.of(
                    filter("me", "10.9.0.1-10.9.0.40", IpProtocol.ANY, PortRange.ANY, ""),
                    filter(
                        "me", "name:gw.branch.example", new IpProtocol(132), PortRange.ANY, "")))),
        new FilterAction.Negotiate(
            "",
            List.of(offer(Encryption.DES3, Integrity.MD5, PerfectForwardSecrecy.None.NONE)),
            true,
            false),
        List.of(AuthMethod.Kerberos.KERBEROS),
        Optional.of(TunnelEndpoint.parse("name:gw.branch.example")),
        NetworkType.REMOTE);
  }

  private static IpsecRule publicWeb() {
    return new IpsecRule(
        "{A0000000-0000-0000-0000-000000000006}",
        "",
        "",
        true,
        Optional.of(
            new FilterList(
                "{A0000000-0000-0000-0000-000000000007}",
                "Public web",
                "",
                List.of(filter("any", "me", IpProtocol.TCP, new PortRange(80, 443), "")))),
        new FilterAction.Permit("Permit"),
        List.of(),
        Optional.empty(),
        NetworkType.ALL);
  }

  private static IpsecRule defaultResponse() {
    return new IpsecRule(
        "{A0000000-0000-0000-0000-000000000008}",
        "",
        "",
        true,
        Optional.empty(),
        new FilterAction.Negotiate(
            "",
            List.of(offer(Encryption.AES256_GCM, Integrity.NONE, PerfectForwardSecrecy.None.NONE)),
            false,
            false),
        List.of(AuthMethod.Kerberos.KERBEROS),
        Optional.empty(),
        NetworkType.ALL);
  }

  private static QuickModeOffer offer(
      Encryption encryption, Integrity integrity, PerfectForwardSecrecy pfs) {
    return new QuickModeOffer(
        Optional.of(new Esp(encryption, integrity)),
        Optional.empty(),
        QuickModeOffer.DEFAULT_LIFETIME,
        QuickModeOffer.DEFAULT_KILOBYTES,
        pfs);
  }

  private static Filter filter(
      String source, String destination, IpProtocol protocol, PortRange ports, String description) {
    return new Filter(
        AddressSpec.parse(source),
        AddressSpec.parse(destination),
        protocol,
        PortRange.ANY,
        ports,
        true,
        description);
  }
}
