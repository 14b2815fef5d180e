package dev.reeve.agent.disk;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which kept bundle plays which role. One small file: replacing it is what makes a change happen.
///
/// @param etag what the server called the current bundle; empty when it said nothing
/// @param roles names as in [Kept]
record CacheIndex(
    HostId host, BundleVersion floor, Instant timeFloor, String etag, Map<String, Ref> roles) {

  /// @param signed digest of the signed manifest
  /// @param version its number, needed to verify it again
  record Ref(Digest signed, long version) {
    static Ref to(VerifiedBundle bundle) {
      return new Ref(Digest.of(bundle.signed()), bundle.manifest().version().number());
    }
  }

  CacheIndex {
    roles = Map.copyOf(roles);
  }

  static Map<String, Ref> roles(Kept kept) {
    var roles = new LinkedHashMap<String, Ref>();
    kept.current().ifPresent(b -> roles.put("current", Ref.to(b)));
    kept.confirmed().ifPresent(b -> roles.put("confirmed", Ref.to(b)));
    kept.policy().ifPresent(b -> roles.put("policy", Ref.to(b)));
    kept.persistent().ifPresent(b -> roles.put("persistent", Ref.to(b)));
    kept.settings().ifPresent(b -> roles.put("settings", Ref.to(b)));
    return roles;
  }

  Optional<Ref> role(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  byte[] toBytes() {
    var json =
        JsonBuilder.object()
            .put("v", 1)
            .put("host", host.text())
            .put("floor", floor.toString())
            .put("timeFloor", timeFloor.toString())
            .put("etag", etag);
    roles.forEach((name, ref) -> json.put(name, write(ref)));
    return JsonText.writeBytes(json.build());
  }

  private static JsonValue write(Ref ref) {
    return JsonBuilder.object()
        .put("sha256", ref.signed().hex())
        .put("version", ref.version())
        .build();
  }

  /// @throws dev.reeve.model.json.JsonException when the bytes are no index of this format
  static CacheIndex parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    HostId host = in.parsed("host", HostId::new);
    BundleVersion floor = in.parsed("floor", BundleVersion::parse);
    Instant timeFloor = in.parsed("timeFloor", Floor::instant);
    String etag = in.string("etag");
    var roles = new LinkedHashMap<String, Ref>();
    for (String name : new String[] {"current", "confirmed", "policy", "persistent", "settings"}) {
      in.findObject(name)
          .ifPresent(ref -> {
            roles.put(
                name,
                new Ref(
                    ref.parsed("sha256", Digest::new), ref.number("version", 1, Long.MAX_VALUE)));
            ref.end();
          });
    }
    in.end();
    return new CacheIndex(host, floor, timeFloor, etag, roles);
  }
}
