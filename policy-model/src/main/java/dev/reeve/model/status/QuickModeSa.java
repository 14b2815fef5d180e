package dev.reeve.model.status;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.List;
import java.util.Optional;

/// A quick-mode association: the two SAs, one for each direction, that protect packets of two
/// peers. A Child SA.
///
/// @param mainMode the id of the main-mode association that it was agreed under
/// @param state in charon's words: `INSTALLED`, `REKEYED`, …
/// @param protocol `ESP` or `AH`
/// @param mode `TRANSPORT` or `TUNNEL`
/// @param udp wrapped in UDP, through NAT
/// @param spiIn, spiOut eight hexadecimal digits, as in every packet on the wire
/// @param encryption, integrity, group in charon's words; empty when there is none
/// @param localTraffic, remoteTraffic what it is for: `10.0.0.1/32[tcp/http]`
/// @param packetsIn, bytesIn, packetsOut, bytesOut that it has protected
/// @param installedSeconds ago
/// @param rekeySeconds, lifeSeconds from now
public record QuickModeSa(
    long id,
    long mainMode,
    String state,
    String local,
    String remote,
    String protocol,
    String mode,
    boolean udp,
    String spiIn,
    String spiOut,
    String encryption,
    String integrity,
    String group,
    List<String> localTraffic,
    List<String> remoteTraffic,
    List<String> rules,
    long packetsIn,
    long bytesIn,
    long packetsOut,
    long bytesOut,
    Optional<Long> installedSeconds,
    Optional<Long> rekeySeconds,
    Optional<Long> lifeSeconds) {

  public QuickModeSa {
    localTraffic = List.copyOf(localTraffic);
    remoteTraffic = List.copyOf(remoteTraffic);
    rules = List.copyOf(rules);
  }

  public JsonObject toJson() {
    var json =
        JsonBuilder.object()
            .put("id", id)
            .put("mainMode", mainMode)
            .put("state", state)
            .put("local", local)
            .put("remote", remote)
            .put("protocol", protocol)
            .put("mode", mode)
            .put("udp", udp)
            .put("spiIn", spiIn)
            .put("spiOut", spiOut)
            .put("encryption", encryption)
            .put("integrity", integrity)
            .put("group", group)
            .putStrings("localTraffic", localTraffic)
            .putStrings("remoteTraffic", remoteTraffic)
            .putStrings("rules", rules)
            .put("packetsIn", packetsIn)
            .put("bytesIn", bytesIn)
            .put("packetsOut", packetsOut)
            .put("bytesOut", bytesOut);
    installedSeconds.ifPresent(seconds -> json.put("installedSeconds", seconds));
    rekeySeconds.ifPresent(seconds -> json.put("rekeySeconds", seconds));
    lifeSeconds.ifPresent(seconds -> json.put("lifeSeconds", seconds));
    return json.build();
  }

  static QuickModeSa read(JsonMembers in) {
    var sa =
        new QuickModeSa(
            in.number("id"),
            in.number("mainMode"),
            in.string("state"),
            in.string("local"),
            in.string("remote"),
            in.string("protocol"),
            in.string("mode"),
            in.bool("udp"),
            in.string("spiIn"),
            in.string("spiOut"),
            in.string("encryption"),
            in.string("integrity"),
            in.string("group"),
            in.strings("localTraffic"),
            in.strings("remoteTraffic"),
            in.strings("rules"),
            in.number("packetsIn"),
            in.number("bytesIn"),
            in.number("packetsOut"),
            in.number("bytesOut"),
            in.findNumber("installedSeconds"),
            in.findNumber("rekeySeconds"),
            in.findNumber("lifeSeconds"));
    var unused = in.rest();
    return sa;
  }
}
