package dev.reeve.schema.ipsec;

import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/// Our own encoding of ipsecData: UTF-8 JSON with `"v":1`.
///
/// | class | members |
/// |---|---|
/// | ipsecPolicy | `pollingSeconds`, 0 = 180 minutes |
/// | ipsecISAKMPPolicy | those of a main mode: `pfs`, `quickModes`, `seconds`, `proposals` |
/// | ipsecNFA | `authentication`, `networkType`, `active`, `tunnel` (optional) |
/// | ipsecNegotiationPolicy | `action` |
/// | ipsecFilter | `filters` |
///
/// The pieces are those of [IpsecJson]. An unknown member or version makes the object unreadable,
/// never half-understood. All readers throw [JsonException] and nothing else.
public final class ReeveIpsecData {

  /// The ipsecDataType that marks this encoding: the letters REVE.
  public static final int DATA_TYPE = 0x52455645;

  private static final int VERSION = 1;

  private ReeveIpsecData() {}

  public static byte[] write(PolicyHead policy) {
    return bytes(versioned().put("pollingSeconds", policy.pollingInterval().toSeconds()));
  }

  public static PolicyHead policy(byte[] data) {
    return whole(
        data,
        in -> {
          long seconds = in.number("pollingSeconds", 0, Integer.MAX_VALUE);
          return new PolicyHead(
              seconds == 0 ? IpsecPolicy.DEFAULT_POLLING_INTERVAL : Duration.ofSeconds(seconds));
        });
  }

  public static byte[] write(MainModePart part) {
    var json = versioned();
    IpsecJson.write(part.mainMode()).members().forEach(json::put);
    return bytes(json);
  }

  public static MainModePart mainMode(byte[] data) {
    return whole(data, in -> new MainModePart(IpsecJson.readMainMode(in), false, false));
  }

  public static byte[] write(RulePart rule) {
    var json =
        versioned()
            .putAll("authentication", rule.authentication(), IpsecJson::write)
            .put("networkType", rule.networkType().toString())
            .put("active", rule.active());
    return bytes(json.putIfPresent("tunnel", rule.tunnel()));
  }

  public static RulePart rule(byte[] data) {
    return whole(
        data,
        in ->
            new RulePart(
                in.objects("authentication", IpsecJson::readAuthMethod),
                in.parsed("networkType", NetworkType::parse),
                in.bool("active"),
                in.findParsed("tunnel", TunnelEndpoint::parse)));
  }

  public static byte[] write(ActionPart part) {
    return bytes(versioned().put("action", IpsecJson.write(part.action())));
  }

  /// @param defaultResponse whether the entry's type says so
  public static ActionPart action(byte[] data, boolean defaultResponse) {
    return whole(
        data, in -> new ActionPart(IpsecJson.readAction(in.object("action")), defaultResponse));
  }

  public static byte[] write(FilterPart part) {
    return bytes(versioned().putAll("filters", part.filters(), IpsecJson::write));
  }

  public static FilterPart filters(byte[] data) {
    return whole(
        data, in -> new FilterPart(in.objects("filters", IpsecJson::readFilter), Set.of()));
  }

  /// Any document of ours: an object of version 1, read to its end.
  public static <T> T whole(byte[] data, Function<JsonMembers, T> read) {
    JsonMembers in = JsonText.parseObject(data);
    in.number("v", VERSION, VERSION);
    T value = read.apply(in);
    in.end();
    return value;
  }

  private static JsonBuilder versioned() {
    return JsonBuilder.object().put("v", VERSION);
  }

  private static byte[] bytes(JsonBuilder json) {
    JsonObject document = json.build();
    return JsonText.writeBytes(document);
  }
}
