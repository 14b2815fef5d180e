package dev.reeve.agent.disk;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// The newest version ever admitted and the latest moment known to have passed, in a file of their
/// own: they outlive a cache that is torn.
record Floor(HostId host, BundleVersion version, Instant time) {

  byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", 1)
            .put("host", host.text())
            .put("floor", version.toString())
            .put("timeFloor", time.toString())
            .build());
  }

  /// @throws dev.reeve.model.json.JsonException when the bytes are no floor of this format
  static Floor parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    var floor =
        new Floor(
            in.parsed("host", HostId::new),
            in.parsed("floor", BundleVersion::parse),
            in.parsed("timeFloor", Floor::instant));
    in.end();
    return floor;
  }

  static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + text + "' is no UTC time", e);
    }
  }
}
