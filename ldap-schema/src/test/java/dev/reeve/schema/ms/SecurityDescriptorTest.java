package dev.reeve.schema.ms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.AccessList;
import dev.reeve.model.gp.SecurityFilter.Ace;
import dev.reeve.model.gp.SecurityFilter.Everyone;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityDescriptorTest {

  private static final String APPLY = "8ffdacedb3ffd111b41d00a0c968f939";
  private static final String OTHER = "00112233445566778899aabbccddeeff";
  private static final String USERS = "S-1-5-11";
  private static final String USERS_SID = "01010000 00000005 0b000000";

  @Test
  void the_descriptor_of_the_default_domain_policy_lets_authenticated_users_read_and_apply_it() {
    byte[] real =
        Base64.getMimeDecoder().decode(Samples.resource("/ms/gpo-security-descriptor.base64"));
    var list = (AccessList) SecurityDescriptor.filter(real);
    for (List<Ace> entries : List.of(list.read(), list.apply()))
      assertThat(entries.stream().filter(e -> e.trustee().equals(USERS)))
          .containsExactly(new Ace(true, USERS));
  }

  /// `+` allows and `-` denies. An entry for one kind of object says of which by a second GUID.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          ACE type | flags | mask     | object type     | read | apply
          00       | 00    | 00020094 |                 | +    |
          00       | 00    | 00000100 |                 |      | +
          00       | 00    | 00000110 |                 | +    | +
          00       | 02    | 00000110 |                 | +    | +
          01       | 00    | 00000010 |                 | -    |
          01       | 00    | 00000100 |                 |      | -
          01       | 00    | 000f01ff |                 | -    | -
          # the rest of Read: list, list object, read control
          00       | 00    | 00020084 |                 |      |
          # generic ones, which a directory maps when it stores them
          00       | 00    | 10000000 |                 | +    | +
          01       | 00    | 10000000 |                 | -    | -
          00       | 00    | 80000000 |                 | +    |
          00       | 00    | 60000000 |                 |      |
          # of an object: an extended right, a property or a property set
          05       | 00    | 00000100 | APPLY           |      | +
          06       | 00    | 00000100 | APPLY           |      | -
          05       | 00    | 00000100 | OTHER           |      |
          05       | 00    | 00000110 | APPLY           |      | +
          05       | 00    | 00000010 | OTHER           |      |
          06       | 00    | 00000010 | OTHER           |      |
          05       | 00    | 00000010 | APPLY           |      |
          05       | 00    | 10000000 | APPLY           |      | +
          05       | 00    | 00000110 |                 | +    | +
          06       | 00    | 00000110 |                 | -    | -
          05       | 00    | 00000100 | APPLY for OTHER |      | +
          06       | 00    | 00000110 | for OTHER       | -    | -
          # inherited by others only
          00       | 0a    | 00000110 |                 |      |
          05       | 08    | 00000100 | APPLY           |      |
          # a condition, which nobody here can judge: never grants, always denies
          09       | 00    | 00000110 |                 |      |
          0a       | 00    | 00000110 |                 | -    | -
          0b       | 00    | 00000100 | APPLY           |      |
          0c       | 00    | 00000100 | APPLY           |      | -
          # an audit
          02       | 00    | 00000110 |                 |      |
          """)
  void an_entry_speaks_of_reading_and_of_applying(
      String type,
      String flags,
      String mask,
      @Nullable String objectType,
      @Nullable String read,
      @Nullable String apply) {
    byte[] ace = ace(hex(type), hex(flags), hex(mask), Optional.ofNullable(objectType));

    assertThat(dacl(ace)).isEqualTo(new AccessList(entries(read), entries(apply)));
  }

  private static List<Ace> entries(@Nullable String sign) {
    return sign == null ? List.of() : List.of(new Ace(sign.equals("+"), USERS));
  }

  @Test
  void entries_keep_their_order() {
    byte[] deny = ace(1, 0, 0x110, Optional.empty());
    byte[] allow = ace(0, 0, 0x110, Optional.empty());
    var stored = List.of(new Ace(true, USERS), new Ace(false, USERS), new Ace(true, USERS));

    assertThat(dacl(allow, deny, allow)).isEqualTo(new AccessList(stored, stored));
  }

  @Test
  void no_dacl_grants_everyone_and_an_empty_one_nobody() {
    assertThat(SecurityDescriptor.filter(Blob.hex("01000080").zeros(16).bytes()))
        .isEqualTo(Everyone.EVERYONE);
    assertThat(SecurityDescriptor.filter(Blob.hex("01000480").zeros(16).bytes()))
        .isEqualTo(Everyone.EVERYONE);
    assertThat(dacl()).isEqualTo(new AccessList(List.of(), List.of()));
  }

  @Test
  void sids_and_guids_have_their_usual_text() {
    assertThat(Sid.parse(Blob.hex("01020000 00000005 20000000 20020000").bytes()))
        .isEqualTo("S-1-5-32-544");
    assertThat(Sid.parse("S-1-5-21-1-2-3-515".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEqualTo("S-1-5-21-1-2-3-515");
    assertThat(Sid.withLast("S-1-5-21-1-2-3-1104", 515)).isEqualTo("S-1-5-21-1-2-3-515");
    assertThat(MsGuid.parse(Blob.hex(APPLY).bytes()))
        .isEqualTo("edacfd8f-ffb3-11d1-b41d-00a0c968f939");
  }

  private static SecurityFilter dacl(byte[]... aces) {
    var body = new Blob();
    for (byte[] ace : aces) body.add(ace);
    return SecurityDescriptor.filter(
        Blob.hex("01000480")
            .zeros(12)
            .u32(20)
            .u16(4)
            .u16(8 + body.size())
            .u16(aces.length)
            .u16(0)
            .add(body.bytes())
            .bytes());
  }

  /// @param objectType empty for a plain ACE's form when the type is one
  private static byte[] ace(int type, int flags, int mask, Optional<String> objectType) {
    var body = new Blob().u32(mask);
    if (List.of(0x05, 0x06, 0x0b, 0x0c).contains(type)) {
      String guids = objectType.orElse("");
      int present =
          (guids.startsWith("for ") || guids.isEmpty() ? 0 : 1) | (guids.contains("for ") ? 2 : 0);
      body.u32(present)
          .add(
              guids
                  .replace(" for ", "")
                  .replace("for ", "")
                  .replace("APPLY", APPLY)
                  .replace("OTHER", OTHER));
    }
    body.add(USERS_SID);
    return new Blob().u8(type).u8(flags).u16(4 + body.size()).add(body.bytes()).bytes();
  }

  private static int hex(String digits) {
    return Integer.parseUnsignedInt(digits, 16);
  }
}
