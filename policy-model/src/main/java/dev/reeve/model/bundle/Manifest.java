package dev.reeve.model.bundle;

import dev.reeve.model.bundle.Part.Content;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonString;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one host should enforce, in a few hundred bytes: names objects by digest, holds none.
///
/// @param computer the host's DN at the time, for people
/// @param issued whole seconds
/// @param expires whole seconds; an older manifest is refused at the gate, one already admitted
///   stays in force
/// @param policy an [dev.reeve.model.ipsec.IpsecPolicy] as JSON
/// @param persistent likewise
/// @param settings [dev.reeve.model.ipsec.HostSettings] as JSON
/// @param provenance the RSoP document that explains it all
/// @param secrets this host's secrets, sealed to its encryption key
/// @param revocations for hosts that check certificates against a CRL
/// @param peers for hosts that may not associate with everybody
public record Manifest(
    HostId host,
    BundleVersion version,
    String computer,
    Instant issued,
    Instant expires,
    Part policy,
    Part persistent,
    Part settings,
    Digest provenance,
    Optional<Digest> secrets,
    Optional<Digest> revocations,
    Optional<Digest> peers) {

  private static final int FORMAT = 1;

  /// The objects to fetch, without repetition, in the order of the fields.
  public List<Digest> objects() {
    return Stream.of(
            Stream.of(policy, persistent, settings)
                .flatMap(p -> p instanceof Content(var d) ? Stream.of(d) : Stream.empty()),
            Stream.of(provenance),
            secrets.stream(),
            revocations.stream(),
            peers.stream())
        .flatMap(s -> s)
        .distinct()
        .toList();
  }

  /// Whether `other` says the same of the host's policy; version and times apart.
  public boolean sameContent(Manifest other) {
    return host.equals(other.host)
        && policy.equals(other.policy)
        && persistent.equals(other.persistent)
        && settings.equals(other.settings)
        && provenance.equals(other.provenance)
        && secrets.equals(other.secrets)
        && revocations.equals(other.revocations)
        && peers.equals(other.peers);
  }

  public byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", FORMAT)
            .put("host", host.text())
            .put("epoch", version.epoch())
            .put("version", version.number())
            .put("computer", computer)
            .put("issued", issued.toString())
            .put("expires", expires.toString())
            .put("policy", write(policy))
            .put("persistent", write(persistent))
            .put("settings", write(settings))
            .put("provenance", provenance.hex())
            .putIfPresent("secrets", secrets)
            .putIfPresent("revocations", revocations)
            .putIfPresent("peers", peers)
            .build());
  }

  private static JsonValue write(Part part) {
    return switch (part) {
      case Content(var digest) -> JsonBuilder.object().put("sha256", digest.hex()).build();
      case Part.None _ -> JsonValue.of("none");
      case Part.Unknown _ -> JsonValue.of("unknown");
    };
  }

  /// @throws JsonException when the bytes are not a manifest of this format; an unknown member is
  ///   refused
  public static Manifest parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", FORMAT, FORMAT);
    var manifest =
        new Manifest(
            in.parsed("host", HostId::new),
            version(in),
            in.string("computer"),
            in.parsed("issued", Manifest::instant),
            in.parsed("expires", Manifest::instant),
            readPart(in, "policy"),
            readPart(in, "persistent"),
            readPart(in, "settings"),
            in.parsed("provenance", Digest::new),
            in.findParsed("secrets", Digest::new),
            in.findParsed("revocations", Digest::new),
            in.findParsed("peers", Digest::new));
    in.end();
    return manifest;
  }

  private static BundleVersion version(JsonMembers in) {
    long number = in.number("version", 1, Long.MAX_VALUE);
    return in.parsed("epoch", epoch -> new BundleVersion(epoch, number));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + text + "' is no UTC time", e);
    }
  }

  private static Part readPart(JsonMembers in, String name) {
    JsonValue value = in.get(name);
    if (value instanceof JsonString(var word)) {
      return switch (word) {
        case "none" -> Part.None.NONE;
        case "unknown" -> Part.Unknown.UNKNOWN;
        default -> throw in.error(name, "found '" + word + "', expected none, unknown or a digest");
      };
    }
    JsonMembers object = JsonMembers.of(in.path() + "." + name, value);
    var content = new Content(object.parsed("sha256", Digest::new));
    object.end();
    return content;
  }
}
