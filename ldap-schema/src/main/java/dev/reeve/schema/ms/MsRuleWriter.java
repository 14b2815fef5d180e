package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import java.util.Arrays;
import java.util.Optional;

/// Writes what [MsRule] reads, with the extension of Vista and later: older readers stop in front
/// of it.
final class MsRuleWriter {

  private static final IpAddress NO_ADDRESS = IpAddress.v4(0);

  private final ByteWriter out = new ByteWriter(Unknown.none());
  private final SecretOpener opener;

  private MsRuleWriter(SecretOpener opener) {
    this.opener = opener;
  }

  static byte[] write(RulePart part, SecretOpener opener) {
    return new MsRuleWriter(opener).write(part);
  }

  private byte[] write(RulePart part) {
    out.add(ByteWriter.guid(MsRule.TYPE)).u32(0);
    methods(part, 2);
    out.u32(
            switch (part.networkType()) {
              case NetworkType.ALL -> 0xffff_fffdL;
              case NetworkType.LAN -> 0xffff_fffeL;
              case NetworkType.REMOTE -> 0xffff_ffffL;
            })
        .text("");
    Optional<IpAddress> v6 = tunnel(part);
    out.put(16, out.size() - MsRule.BODY);

    out.add(MsRule.METHODS);
    methods(part, 0);
    out.add(MsRule.FLAGS).u32(part.authentication().size());
    part.authentication().forEach(method -> out.u32(flags(method)));
    v6.ifPresent(address -> out.add(MsRule.IPV6_ENDPOINT).add(address.toBytes()));
    return out.u8(0).toBytes();
  }

  /// @return an endpoint that goes into the extension
  private Optional<IpAddress> tunnel(RulePart part) {
    String name = "";
    IpAddress address = NO_ADDRESS;
    Optional<IpAddress> v6 = Optional.empty();
    if (part.tunnel().isPresent()) {
      switch (part.tunnel().get()) {
        case TunnelEndpoint.Me _ ->
            throw new IllegalArgumentException("the tunnel endpoint 'me' has no form there");
        case TunnelEndpoint.Name(var dns) -> name = dns.name();
        case TunnelEndpoint.Address(var at) -> {
          if (at.family() == IpFamily.IPV4) address = at;
          else v6 = Optional.of(at);
        }
      }
    }
    out.v4(address).u32(part.tunnel().isPresent() ? 1 : 0).u32(part.active() ? 1 : 0).text(name);
    return v6;
  }

  /// @param kerberosBytes how many bytes stand for Kerberos, which has nothing to say
  private void methods(RulePart part, int kerberosBytes) {
    out.u32(part.authentication().size());
    for (AuthMethod method : part.authentication()) {
      switch (method) {
        case AuthMethod.Kerberos _ -> out.u32(5).u32(kerberosBytes).add(new byte[kerberosBytes]);
        case AuthMethod.Certificate(var authority, _, _) -> out.u32(3).text(authority);
        case AuthMethod.PreSharedKey(var key) -> {
          byte[] secret = opener.open(key);
          try {
            out.u32(1).secret(secret);
          } finally {
            Arrays.fill(secret, (byte) 0);
          }
        }
      }
    }
  }

  private static long flags(AuthMethod method) {
    return method instanceof AuthMethod.Certificate(_, var mapping, var exclude)
        ? (mapping ? MsRule.FLAG_ACCOUNT_MAPPING : 0)
            | (exclude ? MsRule.FLAG_EXCLUDE_AUTHORITY : 0)
        : MsRule.NO_FLAGS;
  }
}
