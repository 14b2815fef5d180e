package dev.reeve.schema.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.ActionPart;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.PolicyHead;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The encoder against the bytes of real domains and registries.
class MsIpsecWriterTest {

  private static final String ID = "{72385231-70FA-11D1-864C-14A300000000}";

  /// Opens what [Samples#SEALER] sealed.
  static final SecretOpener OPENER =
      sealed ->
          new String(sealed.toBytes(), StandardCharsets.UTF_8)
              .substring("sealed:".length())
              .getBytes(StandardCharsets.UTF_8);

  static Stream<LdapEntry> objects() {
    return Samples.entries().stream()
        .filter(e ->
            Samples.decode(e, Samples.data(e))
                != IpsecObject.VersionInformation.VERSION_INFORMATION);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("objects")
  void a_real_object_that_says_what_it_said_comes_out_byte_for_byte(LdapEntry entry) {
    byte[] data = Samples.data(entry);
    assertThat(write(entry, Samples.decode(entry, data), data)).isEqualTo(data);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("objects")
  void a_real_object_written_anew_says_the_same(LdapEntry entry) {
    IpsecObject part = Samples.decode(entry, Samples.data(entry));
    byte[] anew = write(entry, part, MsIpsecWriter.NEW);
    assertThat(Samples.decode(entry, anew)).isEqualTo(part);
  }

  private static byte[] write(LdapEntry entry, IpsecObject part, byte[] was) {
    String id = entry.text(LdapAttribute.IPSEC_ID).orElseThrow();
    return switch (part) {
      case PolicyHead head -> MsIpsecWriter.policy(head, was);
      case MainModePart mainMode -> MsIpsecWriter.mainMode(mainMode, id, was);
      case RulePart rule -> MsIpsecWriter.rule(rule, OPENER, was);
      case ActionPart action -> MsIpsecWriter.action(action, was);
      case FilterPart filters -> MsIpsecWriter.filters(filters, id, FilterForm.B, was);
      case IpsecObject.VersionInformation _ -> throw new AssertionError(entry);
    };
  }

  @Test
  void form_a_is_written_on_request_as_windows_2000_did() {
    for (LdapEntry entry : Samples.entries()) {
      if (!entry.isA(LdapClass.IPSEC_FILTER)) continue;
      byte[] data = Samples.data(entry);
      var part = MsIpsecData.filters(data);
      byte[] anew = MsIpsecWriter.filters(part, ID, FilterForm.A, MsIpsecWriter.NEW);
      byte[] expected = data.clone(); // all of it, apart from the GUIDs of its filters
      for (int i = 0; i < 16; i++) {
        int guid = data.length - 53 + i;
        expected[guid] = anew[guid];
      }
      assertThat(anew).isEqualTo(expected);
    }
  }

  @Test
  void a_changed_lifetime_of_main_mode_changes_that_and_keeps_the_filler() {
    byte[] data = Samples.data(Samples.entry(ID));
    MainModePart was = MsIpsecData.mainMode(data);
    var changed =
        new MainModePart(
            new MainMode(false, 7, Duration.ofMinutes(30), was.mainMode().proposals()),
            false,
            false);

    byte[] anew = MsIpsecWriter.mainMode(changed, ID, data);

    assertThat(MsIpsecData.mainMode(anew)).isEqualTo(changed);
    var fields = new TreeSet<String>();
    for (int at : differences(data, anew)) {
      int inMethod = (at - 84) % 64;
      fields.add(at < 84 ? "policy+" + (at - at % 4) : "method+" + (inMethod - inMethod % 4));
    }
    // quick modes and lifetime of the policy, and of its methods
    assertThat(fields).containsExactly("method+48", "method+56", "policy+52", "policy+56");
    assertThat(Arrays.copyOfRange(anew, 84, 88)).containsExactly(0, 0, 0xcd, 0xcd);
  }

  @Test
  void a_changed_offer_keeps_pieces_of_heap_in_unused_slots() {
    var entry = Samples.entry("{72385233-70FA-11D1-864C-14A300000000}");
    byte[] data = Samples.data(entry);
    var part = (ActionPart) Samples.decode(entry, data);
    var was = (Negotiate) part.action();
    var offers = new ArrayList<>(was.offers());
    QuickModeOffer first = offers.getFirst();
    offers.set(
        0,
        new QuickModeOffer(
            first.esp(), first.ah(), Duration.ofSeconds(901), first.kilobytes(), first.pfs()));
    var changed =
        new ActionPart(
            new Negotiate(
                was.name(), offers, was.acceptUnsecuredInbound(), was.allowFallbackToClear()),
            false);

    byte[] anew = MsIpsecWriter.action(changed, data);

    assertThat(differences(data, anew)).containsExactly(24);
    assertThat(Samples.decode(entry, anew)).isEqualTo(changed);
  }

  private static List<Integer> differences(byte[] one, byte[] other) {
    assertThat(other).hasSameSizeAs(one);
    var found = new ArrayList<Integer>();
    for (int i = 0; i < one.length; i++) if (one[i] != other[i]) found.add(i);
    return found;
  }

  @Test
  void the_rule_of_windows_10_is_what_we_write() {
    byte[] windows10 =
        Blob.hex(
                "00acbb11 8d49d111 863900a0 248d3021 2a000000 01000000 05000000 02000000 0000"
                    + "fdffffff 02000000 0000 00000000 00000000 01000000 02000000 0000")
            .add("01".repeat(16))
            .u32(1, 5, 0)
            .add("01".repeat(15) + "02")
            .u32(1, 0)
            .u8(0)
            .bytes();
    var kerberos =
        new RulePart(
            List.of(AuthMethod.Kerberos.KERBEROS), NetworkType.ALL, true, Optional.empty());
    assertThat(MsIpsecWriter.rule(kerberos, OPENER, MsIpsecWriter.NEW)).isEqualTo(windows10);
  }

  @Test
  void a_plain_rule_with_a_pre_shared_key_stays_plain_however_its_key_was_sealed() {
    byte[] plain =
        Blob.hex("00acbb11 8d49d111 863900a0 248d3021 36000000 01000000 01000000")
            .text("secret")
            .add("fdffffff 02000000 0000 00000000 00000000 01000000 02000000 0000 00")
            .bytes();
    var part = (RulePart) MsIpsecData.rule(plain, Samples.SEALER);
    assertThat(plain).hasSize(75);
    assertThat(MsIpsecWriter.rule(part, OPENER, plain)).isEqualTo(plain);

    var other =
        new RulePart(
            List.of(
                new AuthMethod.PreSharedKey(
                    SealedSecret.ofBytes("sealed:hush".getBytes(StandardCharsets.UTF_8)))),
            NetworkType.ALL,
            true,
            Optional.empty());
    byte[] changed = MsIpsecWriter.rule(other, OPENER, plain);
    assertThat(MsIpsecData.rule(changed, Samples.SEALER)).isEqualTo(other);
  }

  @Test
  void an_algorithm_without_a_number_is_refused_by_name() {
    var modern = new MainModePart(MainMode.DEFAULT, false, false);
    assertThatThrownBy(() -> MsIpsecWriter.mainMode(modern, ID, MsIpsecWriter.NEW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(Encryption.AES256_GCM + " has no number in Microsoft's form");
    assertThat(MsAlgorithms.carries(MainMode.DEFAULT.proposals().getFirst())).isFalse();
    MainModeProposal real =
        MsIpsecData.mainMode(Samples.data(Samples.entry(ID))).mainMode().proposals().getFirst();
    assertThat(MsAlgorithms.carries(real)).isTrue();
  }
}
