package dev.reeve.agent.dynamic;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One rule of `ipsec dynamic`. Filter, tunnel and network type say which one it is.
///
/// @param mmpolicy, qmpolicy names; empty where nothing is negotiated
/// @param authentication most preferred first
public record DynamicRule(
    Filter filter,
    String mmpolicy,
    String qmpolicy,
    Act inbound,
    Act outbound,
    List<AuthMethod> authentication,
    Optional<TunnelEndpoint> tunnel,
    NetworkType networkType) {

  public enum Act {
    PERMIT,
    BLOCK,
    NEGOTIATE;

    /// @throws IllegalArgumentException naming the text
    public static Act parse(String text) {
      for (Act act : values()) if (act.toString().equals(text)) return act;
      throw new IllegalArgumentException(
          "found '" + text + "', expected permit, block or negotiate");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DynamicRule {
    authentication = List.copyOf(authentication);
    if (inbound == Act.NEGOTIATE || outbound == Act.NEGOTIATE) {
      if (mmpolicy.isEmpty() || qmpolicy.isEmpty()) {
        throw new IllegalArgumentException("a rule that negotiates needs mmpolicy and qmpolicy");
      }
      if (authentication.isEmpty()) {
        throw new IllegalArgumentException("a rule that negotiates needs kerberos, psk or rootca");
      }
    } else if (tunnel.isPresent()) {
      throw new IllegalArgumentException("a tunnel is for rules that negotiate");
    }
    if (inbound != outbound && !hasDirection(filter)) {
      throw new IllegalArgumentException(
          "actioninbound and actionoutbound can differ only when one end of the filter is me");
    }
  }

  private static boolean hasDirection(Filter filter) {
    boolean from = filter.source() == AddressSpec.Me.ME;
    boolean to = filter.destination() == AddressSpec.Me.ME;
    return from != to;
  }

  /// Whether both are for the same traffic: then one replaces the other.
  public boolean isSameAs(DynamicRule other) {
    return bare(filter).equals(bare(other.filter))
        && tunnel.equals(other.tunnel)
        && networkType == other.networkType;
  }

  private static Filter bare(Filter filter) {
    return new Filter(
        filter.source(),
        filter.destination(),
        filter.protocol(),
        filter.sourcePorts(),
        filter.destinationPorts(),
        filter.mirrored(),
        "");
  }

  public boolean negotiates() {
    return inbound == Act.NEGOTIATE || outbound == Act.NEGOTIATE;
  }

  public JsonObject toJson() {
    var json =
        JsonBuilder.object()
            .put("filter", IpsecJson.write(filter))
            .put("mmpolicy", mmpolicy)
            .put("qmpolicy", qmpolicy)
            .put("actionInbound", inbound.toString())
            .put("actionOutbound", outbound.toString())
            .putAll("authentication", authentication, IpsecJson::write);
    tunnel.ifPresent(end -> json.put("tunnel", end.toString()));
    return json.put("networkType", networkType.toString()).build();
  }

  /// @throws dev.reeve.model.json.JsonException naming what is wrong
  public static DynamicRule read(JsonMembers in) {
    return new DynamicRule(
        filter(in.object("filter")),
        in.findString("mmpolicy").orElse(""),
        in.findString("qmpolicy").orElse(""),
        in.parsed("actionInbound", Act::parse),
        in.parsed("actionOutbound", Act::parse),
        in.objects("authentication", IpsecJson::readAuthMethod),
        in.findParsed("tunnel", TunnelEndpoint::parse),
        in.findParsed("networkType", NetworkType::parse).orElse(NetworkType.ALL));
  }

  private static Filter filter(JsonMembers in) {
    Filter filter = IpsecJson.readFilter(in);
    in.end();
    return filter;
  }
}
