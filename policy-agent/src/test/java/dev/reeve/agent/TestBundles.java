package dev.reeve.agent;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.bundle.SignatureCheck;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Bundles with a signature that costs nothing: the bytes `signed:` before the manifest.
public final class TestBundles {

  public static final HostId HOST = new HostId("0123456789abcdef0123456789abcdef");
  public static final String EPOCH = "00000000000000000000000000000001";
  public static final Instant NOON = Instant.parse("2027-01-15T12:00:00Z");
  public static final byte[] PROVENANCE = bytes("{\"computer\":\"CN=web-01\"}");
  public static final byte[] SETTINGS = JsonText.writeBytes(HostSettings.DEFAULTS.toJson());

  private static final byte[] SEAL = bytes("signed:");

  private TestBundles() {}

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Trusts whatever begins with `signed:`.
  public static SignatureCheck seals() {
    return signed ->
        signed.length > SEAL.length && Arrays.equals(Arrays.copyOf(signed, SEAL.length), SEAL)
            ? new SignatureCheck.Outcome.Valid(
                Arrays.copyOfRange(signed, SEAL.length, signed.length))
            : new SignatureCheck.Outcome.Invalid(Refusal.BAD_SIGNATURE, "no seal");
  }

  public static byte[] seal(Manifest manifest) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(SEAL);
    out.writeBytes(manifest.toBytes());
    return out.toByteArray();
  }

  public static IpsecPolicy policy(String name) {
    return new IpsecPolicy(
        "{00000000-0000-0000-0000-000000000001}",
        name,
        "",
        Duration.ofHours(3),
        MainMode.DEFAULT,
        List.of());
  }

  public static byte[] policyBytes(String name) {
    return JsonText.writeBytes(IpsecJson.write(policy(name)));
  }

  public static Part content(byte[] object) {
    return new Part.Content(Digest.of(object));
  }

  public static Manifest manifest(long number, Part policy) {
    return manifest(HOST, EPOCH, number, policy, NOON);
  }

  public static Manifest manifest(
      HostId host, String epoch, long number, Part policy, Instant issued) {
    return new Manifest(
        host,
        new BundleVersion(epoch, number),
        "CN=web-01",
        issued,
        issued.plus(Duration.ofDays(7)),
        policy,
        Part.None.NONE,
        policy instanceof Part.Unknown ? Part.Unknown.UNKNOWN : content(SETTINGS),
        Digest.of(PROVENANCE),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// With the objects that every manifest here names.
  public static Map<Digest, byte[]> objects(byte[]... more) {
    var objects = new HashMap<Digest, byte[]>();
    objects.put(Digest.of(PROVENANCE), PROVENANCE);
    objects.put(Digest.of(SETTINGS), SETTINGS);
    for (byte[] object : more) objects.put(Digest.of(object), object);
    return objects;
  }
}
