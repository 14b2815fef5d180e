package dev.reeve.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Manifest, facts and enrolment as bytes.
class WireFormsTest {

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  private static String hex(Random random, int digits) {
    var out = new StringBuilder();
    while (out.length() < digits) out.append(Character.forDigit(random.nextInt(16), 16));
    return out.toString();
  }

  private static Digest digest(Random random) {
    return new Digest(hex(random, 64));
  }

  private static Part part(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Part.None.NONE;
      case 1 -> Part.Unknown.UNKNOWN;
      default -> new Part.Content(digest(random));
    };
  }

  private static Manifest manifest(Random random) {
    Instant issued = Instant.ofEpochSecond(random.nextInt(2_000_000_000));
    return new Manifest(
        new HostId(hex(random, 32)),
        new BundleVersion(hex(random, 32), 1 + random.nextLong(Long.MAX_VALUE)),
        "CN=wéb\\,01,DC=corp",
        issued,
        issued.plusSeconds(1 + random.nextInt(1_000_000)),
        part(random),
        part(random),
        part(random),
        digest(random),
        random.nextBoolean() ? Optional.of(digest(random)) : Optional.empty(),
        random.nextBoolean() ? Optional.of(digest(random)) : Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_manifest_reads_back(int seed) {
    Manifest manifest = manifest(new Random(seed));

    assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
    assertThat(Manifest.parse(manifest.toBytes()).toBytes()).isEqualTo(manifest.toBytes());
    assertThat(manifest.objects()).doesNotHaveDuplicates().contains(manifest.provenance());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=2",
        "v=null",
        "host=\"x\"",
        "host=1",
        "epoch=\"\"",
        "version=0",
        "version=-1",
        "version=\"1\"",
        "issued=\"yesterday\"",
        "issued=\"2026-01-01\"",
        "expires=1",
        "policy=\"maybe\"",
        "policy=null",
        "policy=[]",
        "policy={}",
        "policy={\"sha256\":\"x\"}",
        "policy={\"sha256\":\"none\",\"x\":1}",
        "settings=true",
        "provenance=\"none\"",
        "secrets=\"\"",
        "secrets={}",
        "later=1",
        "computer=null"
      })
  void a_manifest_that_is_not_exactly_one_is_refused(String change) {
    String name = change.substring(0, change.indexOf('='));
    JsonValue value = JsonText.parse(change.substring(change.indexOf('=') + 1));
    var members =
        new LinkedHashMap<>(
            ((JsonObject) JsonText.parse(manifest(new Random(1)).toBytes())).members());
    members.put(name, value);

    assertThatThrownBy(() -> Manifest.parse(JsonText.writeBytes(new JsonObject(members))))
        .isExactlyInstanceOf(JsonException.class)
        .hasMessageContaining(name.equals("v") ? "v" : name);
  }

  @Test
  void every_member_of_a_manifest_but_what_only_some_hosts_get_is_needed() {
    Map<String, JsonValue> members =
        ((JsonObject) JsonText.parse(manifest(new Random(1)).toBytes())).members();
    for (String name : members.keySet()) {
      if (List.of("secrets", "revocations", "peers").contains(name)) continue;
      var without = new LinkedHashMap<>(members);
      without.remove(name);
      assertThatThrownBy(() -> Manifest.parse(JsonText.writeBytes(new JsonObject(without))))
          .isExactlyInstanceOf(JsonException.class)
          .hasMessage("$: member '" + name + "' is missing");
    }
  }

  @Test
  void facts_read_back_and_equal_facts_have_equal_bytes() {
    Map<String, String> facts = Map.of("os", "Debian", "os.version", "13", "é", "\"\n😀");
    var other = new LinkedHashMap<String, String>();
    List.of("é", "os.version", "os").forEach(name -> other.put(name, facts.getOrDefault(name, "")));

    assertThat(Facts.parse(Facts.toBytes(facts))).isEqualTo(facts);
    assertThat(Facts.toBytes(other)).isEqualTo(Facts.toBytes(facts));
  }

  @Test
  void facts_have_limits() {
    var hundred = new HashMap<String, String>();
    for (int i = 0; i < 100; i++) hundred.put("n" + i, "x".repeat(1000));
    assertThat(Facts.parse(Facts.toBytes(hundred))).hasSize(100);
    hundred.put("one-more", "");
    refused(Facts.toBytes(hundred));
    refused(Facts.toBytes(Map.of("a", "x".repeat(1001))));
    refused(Facts.toBytes(Map.of("n".repeat(101), "")));
    refused(bytes("{\"a\":1}"));
    refused(bytes("{\"a\":null}"));
    refused(bytes("{\"a\":\"1\",\"a\":\"2\"}"));
    refused(bytes("[]"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void refused(byte[] facts) {
    assertThatThrownBy(() -> Facts.parse(facts)).isExactlyInstanceOf(JsonException.class);
  }

  @Test
  void an_enrolment_reads_back_and_does_not_show_its_secret() {
    var request =
        new Enrolment.Request(
            "0123456789abcdef", "5ec4e7", "PEM", "web-01", Map.of("os", "Debian"));
    var response =
        new Enrolment.Response(
            new HostId("0".repeat(32)),
            "a".repeat(32),
            "CN=web-01,DC=corp",
            "certificate",
            "root",
            "issuers",
            "signers",
            List.of("server", "10.0.0.1"));

    assertThat(Enrolment.Request.parse(request.toBytes())).isEqualTo(request);
    assertThat(request.toString()).doesNotContain("5ec4e7");
    assertThat(Enrolment.Response.parse(response.toBytes())).isEqualTo(response);
    assertThatThrownBy(() -> Enrolment.Request.parse(response.toBytes()))
        .isExactlyInstanceOf(JsonException.class);
  }

  @Test
  void identifiers_are_checked() {
    for (String wrong : List.of("", "0".repeat(31), "0".repeat(33), "A".repeat(32), "g".repeat(32)))
      assertThatThrownBy(() -> new HostId(wrong)).isInstanceOf(IllegalArgumentException.class);
    assertThat(HostId.parseUri(new HostId("0".repeat(32)).toUri()).text())
        .isEqualTo("0".repeat(32));
    assertThatThrownBy(() -> HostId.parseUri("urn:other:" + "0".repeat(32)))
        .isInstanceOf(IllegalArgumentException.class);
    var version = new BundleVersion("a".repeat(32), Long.MAX_VALUE);
    assertThat(BundleVersion.parse(version.toString())).isEqualTo(version);
    for (String wrong :
        List.of(
            "",
            "/1",
            "a".repeat(32),
            "a".repeat(32) + "/-1",
            "a".repeat(32) + "/9223372036854775808"))
      assertThatThrownBy(() -> BundleVersion.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .isNotInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void secrets_come_back_as_they_were_written(int seed) {
    var random = new Random(seed);
    var sealed = new HashMap<Digest, SealedSecret>();
    for (int i = random.nextInt(5); i > 0; i--) {
      byte[] bytes = new byte[1 + random.nextInt(100)];
      random.nextBytes(bytes);
      sealed.put(digest(random), SealedSecret.ofBytes(bytes));
    }
    var secrets = new HostSecrets(sealed);
    assertThat(HostSecrets.parse(secrets.toBytes())).isEqualTo(secrets);
    assertThat(HostSecrets.parse(secrets.toBytes()).toBytes()).isEqualTo(secrets.toBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"v\":1}",
        "{\"v\":2,\"secrets\":[]}",
        "{\"v\":1,\"secrets\":[{\"id\":\"00\",\"sealed\":\"AA==\"}]}",
        "{\"v\":1,\"secrets\":[{\"id\":\"ID\",\"sealed\":\"\"}]}",
        "{\"v\":1,\"secrets\":[{\"id\":\"ID\",\"sealed\":\"AA==\",\"more\":1}]}",
        "{\"v\":1,\"secrets\":[{\"id\":\"ID\",\"sealed\":\"AA==\"},{\"id\":\"ID\",\"sealed\":\"AQ==\"}]}",
        "{\"v\":1,\"secrets\":[],\"more\":1}",
        "x"
      })
  void secrets_of_another_form_are_refused(String text) {
    byte[] bytes = text.replace("ID", "a".repeat(64)).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> HostSecrets.parse(bytes)).isInstanceOf(JsonException.class);
  }

  @Test
  void revocations_come_back_as_they_were_written() {
    var revocations =
        new Revocations(
            new byte[] {1, 2, 3},
            List.of(new byte[] {4}, new byte[] {5, 6}),
            Set.of(new HostId("1".repeat(32)), new HostId("2".repeat(32))));
    assertThat(Revocations.parse(revocations.toBytes())).isEqualTo(revocations);
    assertThat(Revocations.parse(revocations.toBytes()).toBytes()).isEqualTo(revocations.toBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"v\":1}",
        "{\"v\":1,\"crl\":\"\",\"hosts\":[]}",
        "{\"v\":1,\"crl\":\"?\",\"hosts\":[]}",
        "{\"v\":1,\"crl\":\"AA==\",\"others\":[\"\"],\"hosts\":[]}",
        "{\"v\":1,\"crl\":\"AA==\",\"hosts\":[\"web-01\"]}",
        "{\"v\":1,\"crl\":\"AA==\",\"hosts\":[],\"more\":1}",
        "{\"v\":2,\"crl\":\"AA==\",\"hosts\":[]}",
      })
  void revocations_of_another_form_are_refused(String text) {
    assertThatThrownBy(() -> Revocations.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void a_list_of_peers_comes_back_as_it_was_written_and_deny_wins() {
    var web = new HostId("1".repeat(32));
    var db = new HostId("2".repeat(32));
    var list = new PeerList(Optional.of(Set.of(web, db)), Set.of(db));
    assertThat(PeerList.parse(list.toBytes())).isEqualTo(list);
    assertThat(list.allows(web)).isTrue();
    assertThat(list.allows(db)).isFalse();
    assertThat(list.allows(new HostId("3".repeat(32)))).isFalse();
    var everybody = new PeerList(Optional.empty(), Set.of(db));
    assertThat(PeerList.parse(everybody.toBytes())).isEqualTo(everybody);
    assertThat(everybody.allows(new HostId("3".repeat(32)))).isTrue();
    var nobody = new PeerList(Optional.of(Set.of()), Set.of());
    assertThat(PeerList.parse(nobody.toBytes())).isEqualTo(nobody);
    assertThat(nobody.allows(web)).isFalse();
  }
}
