package dev.reeve.schema.ms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Against the bytes of real domains and registries.
class MsIpsecDataTest {

  @Test
  void every_object_of_a_fresh_domain_is_read() {
    assertThat(Samples.entries()).hasSize(22);
    var kinds =
        Samples.entries().stream()
            .map(e -> Samples.decode(e, Samples.data(e)).getClass().getSimpleName())
            .collect(Collectors.groupingBy(k -> k, Collectors.counting()));
    assertThat(kinds)
        .containsEntry("PolicyHead", 3L)
        .containsEntry("MainModePart", 3L)
        .containsEntry("RulePart", 7L)
        .containsEntry("VersionInformation", 1L)
        .containsEntry("ActionPart", 6L)
        .containsEntry("FilterPart", 2L);
  }

  @Test
  void the_polling_interval_is_in_seconds_and_zero_is_three_hours() {
    byte[] data = hex("63212022 4c4fd111 863b00a0 248d3021 04000000 302a0000 00");
    assertThat(MsIpsecData.policy(data).pollingInterval()).isEqualTo(Duration.ofSeconds(10_800));
    byte[] zero = hex("63212022 4c4fd111 863b00a0 248d3021 04000000 00000000 00");
    assertThat(MsIpsecData.policy(zero).pollingInterval()).isEqualTo(Duration.ofMinutes(180));
  }

  @Test
  void the_main_mode_of_a_fresh_domain_has_four_methods() {
    var part =
        MsIpsecData.mainMode(Samples.data(Samples.entry("{72385231-70FA-11D1-864C-14A300000000}")));
    assertThat(part.mainMode().proposals())
        .containsExactly(
            new MainModeProposal(Encryption.DES3, Integrity.SHA1, DhGroup.MODP1024),
            new MainModeProposal(Encryption.DES3, Integrity.MD5, DhGroup.MODP1024),
            new MainModeProposal(Encryption.DES, Integrity.SHA1, DhGroup.MODP768),
            new MainModeProposal(Encryption.DES, Integrity.MD5, DhGroup.MODP768));
    assertThat(part.mainMode().lifetime()).isEqualTo(Duration.ofSeconds(28_800));
    assertThat(part.mainMode().perfectForwardSecrecy()).as("filler is no PFS").isFalse();
    assertThat(part.mainMode().quickModesPerMainMode()).isZero();
    assertThat(part.accountMapping()).isFalse();
  }

  @Test
  void the_main_mode_that_windows_10_writes_is_read() {
    byte[] data =
        Blob.hex("b820dc80 c82ed111 a89e00a0 248d3021")
            .u32(128)
            .zeros(16)
            .u32(0, 1, 3)
            .add("03 00 04 00") // new DH: 3DES/MD5, then the list ends
            .u32(5, 28_800)
            .zeros(20)
            .u32(1)
            .u32(0, 3, 0, 0, 2, 0, 0, 0, 0)
            .zeros(8)
            .u32(0x1000_0001, 0, 0, 3_600, 0)
            .u8(0)
            .bytes();
    var part = MsIpsecData.mainMode(data);
    assertThat(part.mainMode().proposals())
        .containsExactly(
            new MainModeProposal(Encryption.DES3, Integrity.MD5, DhGroup.MODP2048),
            new MainModeProposal(Encryption.DES3, Integrity.SHA1, DhGroup.MODP2048));
    assertThat(part.mainMode().perfectForwardSecrecy()).isTrue();
    assertThat(part.mainMode().quickModesPerMainMode()).isEqualTo(5);
    assertThat(part.mainMode().lifetime()).as("the shortest").isEqualTo(Duration.ofHours(1));
    assertThat(part.accountMapping()).isTrue();
    assertThat(part.noCertificateRequests()).isTrue();
  }

  private static final String PLAIN_RULE =
      "00acbb11 8d49d111 863900a0 248d3021 2a000000 01000000 05000000 02000000 0000 fdffffff "
          + "02000000 0000 00000000 00000000 01000000 02000000 0000";

  @Test
  void a_plain_rule_of_63_bytes_is_read() {
    assertThat(hex(PLAIN_RULE + "00")).hasSize(63);
    var kerberos =
        new RulePart(
            List.of(AuthMethod.Kerberos.KERBEROS), NetworkType.ALL, true, Optional.empty());
    assertThat(rule(hex(PLAIN_RULE + "00"))).isEqualTo(kerberos);
    assertThat(rule(hex(PLAIN_RULE))).as("without its end byte").isEqualTo(kerberos);
  }

  @Test
  void a_windows_10_rule_of_115_bytes_is_read() {
    byte[] data =
        Blob.hex(PLAIN_RULE)
            .add("01".repeat(16))
            .u32(1, 5, 0)
            .add("01".repeat(15) + "02")
            .u32(1, 0)
            .u8(0)
            .bytes();
    assertThat(data).hasSize(115);
    assertThat(rule(data)).isEqualTo(rule(hex(PLAIN_RULE + "00")));
  }

  @Test
  void certificates_get_their_flags_and_tunnels_their_ipv6_endpoint_from_the_extension() {
    var plain =
        new Blob()
            .u32(2, 3)
            .text("CN=Corp Root CA")
            .u32(5, 0)
            .u32(0xffff_fffeL)
            .text("")
            .add("c0000201")
            .u32(1, 0)
            .text("");
    var data =
        Blob.hex("00acbb11 8d49d111 863900a0 248d3021")
            .u32(plain.size())
            .add(plain.bytes())
            .add("01".repeat(16))
            .u32(2, 3)
            .text("CN=Corp Root CA")
            .u32(5, 0)
            .add("01".repeat(15) + "02")
            .u32(2, 3, 0)
            .add("01".repeat(15) + "03")
            .add("20010db8000000000000000000000001")
            .u8(0);
    var rule = rule(data.bytes());
    assertThat(rule.authentication())
        .containsExactly(
            new AuthMethod.Certificate("CN=Corp Root CA", true, true),
            AuthMethod.Kerberos.KERBEROS);
    assertThat(rule.tunnel().map(Object::toString)).contains("2001:db8::1");
    assertThat(rule.networkType()).isEqualTo(NetworkType.LAN);
    assertThat(rule.active()).isFalse();
  }

  @Test
  void a_pre_shared_key_is_sealed_as_utf_8_without_its_terminator_and_overwritten() {
    byte[] data =
        hex(
            "00acbb11 8d49d111 863900a0 248d3021 36000000 01000000 01000000 0e000000"
                + "7300 6500 6300 7200 6500 7400 0000 fdffffff 02000000 0000 00000000 00000000"
                + "01000000 02000000 0000 00");
    assertThat(data).hasSize(75);
    var given = new ArrayList<byte[]>();
    var seen = new ArrayList<String>();
    var rule =
        (RulePart)
            MsIpsecData.rule(
                data,
                secret -> {
                  given.add(secret);
                  seen.add(new String(secret, StandardCharsets.UTF_8));
                  return SealedSecret.ofBytes(new byte[] {1, 2, 3});
                });
    assertThat(seen).containsExactly("secret");
    assertThat(given.getFirst()).containsOnly(0);
    assertThat(rule.authentication())
        .containsExactly(new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1, 2, 3})));
  }

  @Test
  void request_security_ends_with_an_empty_offer_whose_slot_is_stale() {
    var action = action("{72385233-70FA-11D1-864C-14A300000000}");
    assertThat(action.posture()).isEqualTo(Posture.REQUEST);
    assertThat(action.offers())
        .containsExactly(
            esp(Encryption.DES3, Integrity.SHA1, 900),
            esp(Encryption.DES, Integrity.SHA1, 900),
            ah(Integrity.SHA1, 300),
            ah(Integrity.MD5, 300));
  }

  @Test
  void require_security_is_pass_through_without_fallback() {
    var action = action("{7238523F-70FA-11D1-864C-14A300000000}");
    assertThat(action.posture()).isEqualTo(Posture.REQUIRE_PASS_THROUGH);
    assertThat(action.offers())
        .containsExactly(
            esp(Encryption.DES3, Integrity.SHA1, 900),
            esp(Encryption.DES3, Integrity.MD5, 900),
            esp(Encryption.DES, Integrity.SHA1, 900),
            esp(Encryption.DES, Integrity.MD5, 900));
  }

  @Test
  void the_default_response_action_has_default_lifetimes() {
    var entry = Samples.entry("{59319C01-5EE3-11D2-ACE8-0060B0ECCA17}");
    var part = (ActionPart) Samples.decode(entry, Samples.data(entry));
    assertThat(part.defaultResponse()).isTrue();
    assertThat(((Negotiate) part.action()).offers())
        .hasSize(6)
        .allMatch(o -> o.lifetime().equals(Duration.ofHours(1)) && o.kilobytes() == 100_000);
  }

  @Test
  void permit_has_no_offers() {
    var entry = Samples.entry("{7238523B-70FA-11D1-864C-14A300000000}");
    assertThat(Samples.data(entry)).hasSize(25);
    assertThat(Samples.decode(entry, Samples.data(entry)))
        .isEqualTo(new ActionPart(new FilterAction.Permit("Permit"), false));
  }

  @Test
  void an_offer_may_hold_ah_and_esp_and_ask_for_pfs() {
    byte[] data =
        Blob.hex("b920dc80 c82ed111 a89e00a0 248d3021")
            .u32(84, 1)
            .u32(0, 0, 0, 1, 2)
            .u32(2, 0, 1, 0, 0)
            .u32(3, 1, 2, 0, 0)
            .zeros(20)
            .u8(0)
            .bytes();
    var part =
        MsIpsecData.action(
            data,
            IpsecGuids.ACTION_NEGOTIATE.toLowerCase(Locale.ROOT),
            IpsecGuids.TYPE_STANDARD,
            "x");
    var negotiate = (Negotiate) part.action();
    assertThat(negotiate.posture()).isEqualTo(Posture.REQUIRE);
    assertThat(negotiate.offers())
        .containsExactly(
            new QuickModeOffer(
                Optional.of(new QuickModeOffer.Esp(Encryption.DES3, Integrity.MD5)),
                Optional.of(Integrity.SHA1),
                Duration.ofHours(1),
                100_000,
                PerfectForwardSecrecy.MainModeGroup.MAIN_MODE_GROUP));
  }

  private static Negotiate action(String guid) {
    var entry = Samples.entry(guid);
    return (Negotiate) ((ActionPart) Samples.decode(entry, Samples.data(entry))).action();
  }

  private static RulePart rule(byte[] data) {
    IpsecObject read = MsIpsecData.rule(data, Samples.SEALER);
    return (RulePart) read;
  }

  private static QuickModeOffer esp(Encryption encryption, Integrity integrity, int seconds) {
    return new QuickModeOffer(
        Optional.of(new QuickModeOffer.Esp(encryption, integrity)),
        Optional.empty(),
        Duration.ofSeconds(seconds),
        100_000,
        PerfectForwardSecrecy.None.NONE);
  }

  private static QuickModeOffer ah(Integrity integrity, int seconds) {
    return new QuickModeOffer(
        Optional.empty(),
        Optional.of(integrity),
        Duration.ofSeconds(seconds),
        100_000,
        PerfectForwardSecrecy.None.NONE);
  }

  private static byte[] hex(String hex) {
    return Blob.hex(hex).bytes();
  }
}
