package dev.reeve.schema.fuzz;

import static dev.reeve.schema.fuzz.FuzzTarget.must;

import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.schema.ipsec.ReeveIpsecData;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/// Our own ipsecData: the text itself, and each kind of object it may be.
final class JsonTarget {

  private JsonTarget() {}

  static void check(byte[] data) {
    Optional<JsonValue> value = read(JsonText::parse, data);
    value.ifPresent(v -> {
      byte[] canonical = JsonText.writeBytes(v);
      must(JsonText.parse(canonical).equals(v), () -> "written again: " + v);
      must(
          Arrays.equals(JsonText.writeBytes(JsonText.parse(canonical)), canonical),
          () -> "not canonical: " + v);
    });
    roundTrip(data, ReeveIpsecData::policy, ReeveIpsecData::write);
    roundTrip(data, ReeveIpsecData::mainMode, ReeveIpsecData::write);
    roundTrip(data, ReeveIpsecData::rule, ReeveIpsecData::write);
    roundTrip(data, bytes -> ReeveIpsecData.action(bytes, false), ReeveIpsecData::write);
    roundTrip(data, ReeveIpsecData::filters, ReeveIpsecData::write);
    roundTrip(
        data, bytes -> ReeveIpsecData.whole(bytes, HostSettings::read), JsonTarget::writeSettings);
  }

  private static byte[] writeSettings(HostSettings settings) {
    var json = JsonBuilder.object().put("v", 1);
    settings.toJson().members().forEach(json::put);
    return JsonText.writeBytes(json.build());
  }

  private static <T> void roundTrip(
      byte[] data, Function<byte[], T> read, Function<T, byte[]> write) {
    Optional<T> value = read(read, data);
    value.ifPresent(v -> {
      byte[] written = write.apply(v);
      must(read.apply(written).equals(v), () -> "written again: " + v);
    });
  }

  private static <T> Optional<T> read(Function<byte[], T> read, byte[] data) {
    try {
      return Optional.of(read.apply(data));
    } catch (JsonException e) {
      must(e.getMessage() != null && e.getMessage().startsWith("$"), () -> "place in " + e);
      return Optional.empty();
    }
  }
}
