package dev.reeve.schema.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExchangeTest {

  private static final Dn DOMAIN = Dn.parse("DC=corp,DC=example");

  private static List<LdapEntry> freshDomain() throws IOException {
    return resource("/ms/samba-provision-ipsec.ldif").stream()
        .filter(e -> e.has(LdapAttribute.IPSEC_DATA))
        .toList();
  }

  private static List<LdapEntry> resource(String name) throws IOException {
    try (InputStream in = ExchangeTest.class.getResourceAsStream(name)) {
      return LdifFile.parse(Objects.requireNonNull(in).readAllBytes()).entries();
    }
  }

  /// The fresh domain with a pre-shared key in one rule.
  private static List<LdapEntry> withKey() throws IOException {
    byte[] rule =
        Base64.getDecoder()
            .decode(
                "AKy7EY1J0RGGOQCgJI0wITYAAAABAAAAAQAAAA4AAABzAGUAYwByAGUAdAAAAP3///8CAAAAAAAAAAAA"
                    + "AAAAAAEAAAACAAAAAAAA");
    var entries = new ArrayList<LdapEntry>();
    for (LdapEntry entry : freshDomain()) {
      if (!entry.dn().name().equals("ipsecNFA{7238523E-70FA-11D1-864C-14A300000000}")) {
        entries.add(entry);
        continue;
      }
      LdapEntry.Builder changed = LdapEntry.named(entry.dn());
      for (LdapAttribute attribute : LdapAttribute.values()) {
        if (attribute == LdapAttribute.IPSEC_DATA) changed.add(attribute, rule);
        else entry.bytes(attribute).forEach(value -> changed.add(attribute, value));
      }
      entries.add(changed.build());
    }
    return entries;
  }

  @Test
  void through_the_readable_file_and_back_every_byte_is_where_it_was() throws IOException {
    for (List<LdapEntry> domain : List.of(freshDomain(), withKey())) {
      var keys = new Keys();
      var file = PolicyFile.write(Policies.read(domain, keys), keys, true);
      var again = new Keys();
      Policies read = PolicyFile.read(JsonText.writeBytes(file.document()), again);

      var result = Exchange.toMicrosoft(read, DOMAIN, FilterForm.B, again, true);

      assertThat(result.findings()).noneMatch(Finding::isLoss);
      assertThat(result.written()).hasSize(3);
      var expected = new HashMap<>(image(domain));
      expected.keySet().removeIf(dn -> dn.name().contains("6A1F5C6F"));
      assertThat(image(result.entries())).isEqualTo(expected);
    }
  }

  @Test
  void what_no_policy_leads_to_is_listed() throws IOException {
    Policies read = Policies.read(freshDomain(), new Keys());
    assertThat(read.findings())
        .extracting(Finding::code, Finding::object)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(
                Code.VERSION_INFORMATION, "ipsecNFA{6A1F5C6F-72B7-11D2-ACF0-0060B0ECCA17}"));
    assertThat(read.domain()).contains(DOMAIN);
  }

  @Test
  void a_key_leaves_only_when_it_is_to_be_revealed() throws IOException {
    var keys = new Keys();
    Policies policies = Policies.read(withKey(), keys);

    var hidden = PolicyFile.write(policies, keys, false);
    String text = JsonText.write(hidden.document());

    String utf16 = "cwBlAGMAcgBlAHQA";
    assertThat(text).contains("\"withheld\":true").doesNotContain("secret", utf16);
    assertThat(hidden.findings()).extracting(Finding::code).containsExactly(Code.PRE_SHARED_KEY);
    assertThatThrownBy(() -> PolicyFile.read(text.getBytes(UTF_8), new Keys()))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("put \"key\":\"…\" in its place");
    assertThat(JsonText.write(PolicyFile.write(policies, keys, true).document()))
        .contains("\"key\":\"secret\"");

    var microsoft = Exchange.toMicrosoft(policies, DOMAIN, FilterForm.B, keys, false);
    assertThat(microsoft.written()).hasSize(2);
    assertThat(microsoft.entries()).noneMatch(entry -> keys.isIn(bytes(entry)));
    assertThat(microsoft.findings())
        .filteredOn(Finding::isLoss)
        .extracting(Finding::code)
        .containsExactly(Code.PRE_SHARED_KEY, Code.NO_AUTHENTICATION_LEFT);
  }

  private static byte[] bytes(LdapEntry entry) {
    return entry.firstBytes(LdapAttribute.IPSEC_DATA).orElseThrow();
  }

  @Test
  void our_encoding_gets_the_same_policies_and_says_what_stays_behind() throws IOException {
    var keys = new Keys();
    Policies policies = Policies.read(withKey(), keys);
    var sealed = SealedSecret.ofBytes("to the vault".getBytes(UTF_8));

    var result = Exchange.toReeve(policies, DOMAIN, _ -> Optional.of(sealed));

    assertThat(result.findings()).noneMatch(Finding::isLoss);
    assertThat(result.findings()).extracting(Finding::code).contains(Code.UNKNOWN_BYTES);
    Policies back = Policies.read(result.entries(), new Keys());
    assertThat(back.policies()).isEqualTo(result.written());
    assertThat(result.entries())
        .as("the list that two policies share is one entry")
        .filteredOn(e -> e.dn().name().equals("ipsecFilter{7238523A-70FA-11D1-864C-14A300000000}"))
        .singleElement()
        .satisfies(e -> assertThat(e.texts(LdapAttribute.IPSEC_OWNERS_REFERENCE)).hasSize(2));

    var without = Exchange.toReeve(policies, DOMAIN, _ -> Optional.empty());
    assertThat(without.written()).hasSize(2);
    assertThat(without.findings())
        .filteredOn(Finding::isLoss)
        .extracting(Finding::code)
        .containsExactly(Code.PRE_SHARED_KEY, Code.NO_AUTHENTICATION_LEFT);
  }

  @Test
  void modern_policies_are_refused_by_microsofts_form_with_a_reason_each() throws IOException {
    List<LdapEntry> corp = resource("/samples/corp.ldif");
    var keys = new Keys();
    Policies all = Policies.read(corp, keys);

    var result = Exchange.toMicrosoft(all, DOMAIN, FilterForm.B, keys, false);

    assertThat(all.policies()).hasSizeGreaterThan(result.written().size());
    for (var policy : all.policies()) {
      boolean written = result.written().stream().anyMatch(p -> p.id().equals(policy.id()));
      boolean reason =
          result.findings().stream()
              .anyMatch(
                  f -> f.effect() == Finding.Effect.REFUSED && f.policy().equals(policy.name()));
      assertThat(written).as(policy.name()).isNotEqualTo(reason);
    }
  }

  @Test
  void our_objects_through_the_file_and_back_are_the_same_entries() throws IOException {
    List<LdapEntry> corp = resource("/samples/corp.ldif");
    var keys = new Keys();
    Policies ours =
        Policies.read(
            corp.stream().filter(e -> e.dn().toString().contains("CN=Reeve,CN=System")).toList(),
            keys);
    assertThat(ours.policies()).isNotEmpty();

    var file = PolicyFile.write(ours, keys, false);
    Policies read = PolicyFile.read(JsonText.writeBytes(file.document()), keys);
    var result = Exchange.toReeve(read, DOMAIN, Optional::of);

    assertThat(read.policies()).isEqualTo(ours.policies());
    assertThat(result.findings()).isEmpty();
    assertThat(Policies.read(result.entries(), keys).policies()).isEqualTo(ours.policies());
  }

  private static Map<Dn, Map<String, List<String>>> image(List<LdapEntry> entries) {
    var image = new HashMap<Dn, Map<String, List<String>>>();
    for (LdapEntry entry : entries) {
      var attributes = new HashMap<String, List<String>>();
      for (String name : entry.attributeNames()) {
        attributes.put(
            name,
            entry.bytes(name).stream().map(Base64.getEncoder()::encodeToString).sorted().toList());
      }
      image.put(entry.dn(), attributes);
    }
    return image;
  }
}
