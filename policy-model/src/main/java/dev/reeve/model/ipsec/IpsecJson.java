package dev.reeve.model.ipsec;

import dev.reeve.model.ipsec.AuthMethod.Certificate;
import dev.reeve.model.ipsec.AuthMethod.Kerberos;
import dev.reeve.model.ipsec.AuthMethod.PreSharedKey;
import dev.reeve.model.ipsec.FilterAction.Block;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterAction.Permit;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.time.Duration;

/// The JSON form of the IPsec model: one pair of functions per type, `read(write(x))` equals `x`.
///
/// Readers refuse unknown members and say the path. Members that have their usual value are left
/// out.
public final class IpsecJson {

  private static final int VERSION = 1;

  private IpsecJson() {}

  public static JsonObject write(IpsecPolicy policy) {
    return JsonBuilder.object()
        .put("v", VERSION)
        .put("id", policy.id())
        .put("name", policy.name())
        .put("description", policy.description())
        .put("pollingSeconds", policy.pollingInterval().toSeconds())
        .put("mainMode", write(policy.mainMode()))
        .putAll("rules", policy.rules(), IpsecJson::write)
        .build();
  }

  /// @throws JsonException when the document is not a policy of this version
  public static IpsecPolicy readPolicy(byte[] utf8) {
    return readPolicy(JsonText.parseObject(utf8));
  }

  public static IpsecPolicy readPolicy(JsonMembers in) {
    in.number("v", VERSION, VERSION);
    return whole(
        in,
        () ->
            new IpsecPolicy(
                in.string("id"),
                in.string("name"),
                in.string("description"),
                seconds(in, "pollingSeconds"),
                readMainMode(in.object("mainMode")),
                in.requiredObjects("rules", IpsecJson::readRule)));
  }

  public static JsonObject write(MainMode mainMode) {
    return JsonBuilder.object()
        .put("pfs", mainMode.perfectForwardSecrecy())
        .put("quickModes", mainMode.quickModesPerMainMode())
        .put("seconds", mainMode.lifetime().toSeconds())
        .putAll(
            "proposals",
            mainMode.proposals(),
            p ->
                JsonBuilder.object()
                    .put("encryption", p.encryption().toString())
                    .put("integrity", p.integrity().toString())
                    .put("group", p.group().toString())
                    .build())
        .build();
  }

  public static MainMode readMainMode(JsonMembers in) {
    return whole(
        in,
        () ->
            new MainMode(
                in.bool("pfs"),
                (int) in.number("quickModes", 0, Integer.MAX_VALUE),
                seconds(in, "seconds"),
                in.objects(
                    "proposals",
                    p ->
                        new MainModeProposal(
                            p.parsed("encryption", Encryption::parse),
                            p.parsed("integrity", Integrity::parse),
                            p.parsed("group", DhGroup::parse)))));
  }

  public static JsonObject write(IpsecRule rule) {
    var json =
        JsonBuilder.object()
            .put("id", rule.id())
            .put("name", rule.name())
            .put("description", rule.description())
            .put("active", rule.active());
    rule.filters().ifPresent(filters -> json.put("filterList", write(filters)));
    json.put("action", write(rule.action()))
        .putAll("authentication", rule.authentication(), IpsecJson::write);
    rule.tunnel().ifPresent(tunnel -> json.put("tunnel", tunnel.toString()));
    return json.put("networkType", rule.networkType().toString()).build();
  }

  private static IpsecRule readRule(JsonMembers in) {
    return checked(
        in,
        () ->
            new IpsecRule(
                in.string("id"),
                in.string("name"),
                in.string("description"),
                in.bool("active"),
                in.findObject("filterList").map(IpsecJson::readFilterList),
                readAction(in.object("action")),
                in.objects("authentication", IpsecJson::readAuthMethod),
                in.findParsed("tunnel", TunnelEndpoint::parse),
                in.parsed("networkType", NetworkType::parse)));
  }

  public static JsonObject write(FilterList list) {
    return JsonBuilder.object()
        .put("id", list.id())
        .put("name", list.name())
        .put("description", list.description())
        .putAll("filters", list.filters(), IpsecJson::write)
        .build();
  }

  public static FilterList readFilterList(JsonMembers in) {
    return whole(
        in,
        () ->
            new FilterList(
                in.string("id"),
                in.string("name"),
                in.string("description"),
                in.requiredObjects("filters", IpsecJson::readFilter)));
  }

  public static JsonObject write(Filter filter) {
    var json =
        JsonBuilder.object()
            .put("source", filter.source().toString())
            .put("destination", filter.destination().toString());
    if (!filter.protocol().isAny()) json.put("protocol", filter.protocol().toString());
    if (!filter.sourcePorts().isAny()) json.put("sourcePorts", filter.sourcePorts().toString());
    if (!filter.destinationPorts().isAny())
      json.put("destinationPorts", filter.destinationPorts().toString());
    if (!filter.mirrored()) json.put("mirrored", false);
    if (!filter.description().isEmpty()) json.put("description", filter.description());
    return json.build();
  }

  public static Filter readFilter(JsonMembers in) {
    return checked(
        in,
        () ->
            new Filter(
                in.parsed("source", AddressSpec::parse),
                in.parsed("destination", AddressSpec::parse),
                in.findParsed("protocol", IpProtocol::parse).orElse(IpProtocol.ANY),
                in.findParsed("sourcePorts", PortRange::parse).orElse(PortRange.ANY),
                in.findParsed("destinationPorts", PortRange::parse).orElse(PortRange.ANY),
                in.findBool("mirrored").orElse(true),
                in.findString("description").orElse("")));
  }

  public static JsonObject write(FilterAction action) {
    return switch (action) {
      case Permit(var name) -> JsonBuilder.object().put("kind", "permit").put("name", name).build();
      case Block(var name) -> JsonBuilder.object().put("kind", "block").put("name", name).build();
      case Negotiate(var name, var offers, var acceptUnsecured, var fallback) ->
          JsonBuilder.object()
              .put("kind", "negotiate")
              .put("name", name)
              .put("acceptUnsecuredInbound", acceptUnsecured)
              .put("allowFallbackToClear", fallback)
              .putAll("offers", offers, IpsecJson::write)
              .build();
    };
  }

  public static FilterAction readAction(JsonMembers in) {
    String kind = in.string("kind");
    String name = in.string("name");
    return whole(
        in,
        () ->
            switch (kind) {
              case "permit" -> new Permit(name);
              case "block" -> new Block(name);
              case "negotiate" ->
                  new Negotiate(
                      name,
                      in.objects("offers", IpsecJson::readOffer),
                      in.bool("acceptUnsecuredInbound"),
                      in.bool("allowFallbackToClear"));
              default ->
                  throw in.error(
                      "kind", "found '" + kind + "', expected permit, block or negotiate");
            });
  }

  public static JsonObject write(QuickModeOffer offer) {
    var json = JsonBuilder.object();
    offer
        .esp()
        .ifPresent(esp -> {
          json.put("esp", esp.encryption().toString());
          if (esp.integrity() != Integrity.NONE)
            json.put("espIntegrity", esp.integrity().toString());
        });
    json.putIfPresent("ah", offer.ah())
        .put("seconds", offer.lifetime().toSeconds())
        .put("kilobytes", offer.kilobytes());
    switch (offer.pfs()) {
      case PerfectForwardSecrecy.None _ -> {}
      case PerfectForwardSecrecy.MainModeGroup _ -> json.put("pfs", "main-mode");
      case PerfectForwardSecrecy.Group(var group) -> json.put("pfs", group.toString());
    }
    return json.build();
  }

  private static QuickModeOffer readOffer(JsonMembers in) {
    return checked(
        in,
        () -> {
          var integrity = in.findParsed("espIntegrity", Integrity::parse).orElse(Integrity.NONE);
          return new QuickModeOffer(
              in.findParsed("esp", Encryption::parse)
                  .map(encryption -> new Esp(encryption, integrity)),
              in.findParsed("ah", Integrity::parse),
              seconds(in, "seconds"),
              in.number("kilobytes"),
              in.findParsed("pfs", IpsecJson::parsePfs).orElse(PerfectForwardSecrecy.None.NONE));
        });
  }

  private static PerfectForwardSecrecy parsePfs(String text) {
    return text.equals("main-mode")
        ? PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP
        : new PerfectForwardSecrecy.Group(DhGroup.parse(text));
  }

  public static JsonObject write(AuthMethod method) {
    return switch (method) {
      case Kerberos _ -> JsonBuilder.object().put("kind", "kerberos").build();
      case Certificate(var authority, var mapping, var exclude) ->
          JsonBuilder.object()
              .put("kind", "certificate")
              .put("authority", authority)
              .put("accountMapping", mapping)
              .put("excludeAuthorityName", exclude)
              .build();
      case PreSharedKey(var key) ->
          JsonBuilder.object().put("kind", "psk").put("sealed", key.text()).build();
    };
  }

  public static AuthMethod readAuthMethod(JsonMembers in) {
    String kind = in.string("kind");
    return switch (kind) {
      case "kerberos" -> Kerberos.KERBEROS;
      case "certificate" ->
          checked(
              in,
              () ->
                  new Certificate(
                      in.string("authority"),
                      in.bool("accountMapping"),
                      in.bool("excludeAuthorityName")));
      case "psk" -> new PreSharedKey(in.parsed("sealed", SealedSecret::new));
      default ->
          throw in.error("kind", "found '" + kind + "', expected kerberos, certificate or psk");
    };
  }

  private static Duration seconds(JsonMembers in, String name) {
    return Duration.ofSeconds(in.number(name, 1, Integer.MAX_VALUE));
  }

  /// Reads an object to its end: a member nobody asked for is refused.
  private static <T> T whole(JsonMembers in, Reading<T> reading) {
    T value = checked(in, reading);
    in.end();
    return value;
  }

  private interface Reading<T> {
    T read();
  }

  /// Gives the path to what a value's own check refuses.
  private static <T> T checked(JsonMembers in, Reading<T> reading) {
    try {
      return reading.read();
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(in.path(), String.valueOf(e.getMessage()));
    }
  }
}
