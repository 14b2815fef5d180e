package dev.reeve.schema.ms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.SecurityFilter.AccessList;
import dev.reeve.model.gp.SecurityFilter.Ace;
import dev.reeve.model.gp.SecurityFilter.Everyone;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SecurityDescriptorTest {

  private static final String APPLY = "8ffdacedb3ffd111b41d00a0c968f939";
  private static final String OTHER = "00112233445566778899aabbccddeeff";
  private static final String USERS = "S-1-5-11";
  private static final String USERS_SID = "01010000 00000005 0b000000";
  private static final int READ = 0x20094;
  private static final int CONTROL_ACCESS = 0x100;

  @Test
  void the_descriptor_of_the_default_domain_policy_lets_authenticated_users_apply_it() {
    byte[] real =
        Base64.getMimeDecoder().decode(Samples.resource("/ms/gpo-security-descriptor.base64"));
    var list = (AccessList) SecurityDescriptor.filter(real);
    assertThat(list.entries()).contains(new Ace(true, USERS));
    assertThat(list.entries().stream().filter(e -> e.trustee().equals(USERS))).hasSize(1);
  }

  @Test
  void plain_entries_count_by_their_control_access_bit() {
    assertThat(
            dacl(
                plain(0, 0, CONTROL_ACCESS | READ), plain(0, 0, READ), plain(1, 0, CONTROL_ACCESS)))
        .isEqualTo(list(new Ace(true, USERS), new Ace(false, USERS)));
  }

  @Test
  void object_entries_count_for_apply_group_policy_and_for_all_rights() {
    assertThat(
            dacl(
                object(5, CONTROL_ACCESS, 1, APPLY),
                object(6, CONTROL_ACCESS, 1, APPLY),
                object(5, CONTROL_ACCESS, 1, OTHER),
                object(6, CONTROL_ACCESS, 0, ""),
                object(5, CONTROL_ACCESS, 3, APPLY + OTHER),
                object(5, CONTROL_ACCESS, 2, OTHER),
                object(5, READ, 1, APPLY)))
        .isEqualTo(
            list(
                new Ace(true, USERS),
                new Ace(false, USERS),
                new Ace(false, USERS),
                new Ace(true, USERS),
                new Ace(true, USERS)));
  }

  @Test
  void inherit_only_entries_do_not_count() {
    assertThat(dacl(plain(0, 0x0a, CONTROL_ACCESS))).isEqualTo(list());
    assertThat(dacl(plain(0, 0x02, CONTROL_ACCESS))).isEqualTo(list(new Ace(true, USERS)));
  }

  @Test
  void a_condition_never_grants_and_always_denies() {
    assertThat(dacl(plain(9, 0, CONTROL_ACCESS), plain(10, 0, CONTROL_ACCESS)))
        .isEqualTo(list(new Ace(false, USERS)));
  }

  @Test
  void no_dacl_grants_everyone_and_an_empty_one_nobody() {
    assertThat(SecurityDescriptor.filter(Blob.hex("01000080").zeros(16).bytes()))
        .isEqualTo(Everyone.EVERYONE);
    assertThat(SecurityDescriptor.filter(Blob.hex("01000480").zeros(16).bytes()))
        .isEqualTo(Everyone.EVERYONE);
    assertThat(dacl()).isEqualTo(list());
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

  private static AccessList list(Ace... entries) {
    return new AccessList(java.util.List.of(entries));
  }

  private static Object dacl(byte[]... aces) {
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

  private static byte[] plain(int type, int flags, long mask) {
    return new Blob().u8(type).u8(flags).u16(20).u32(mask).add(USERS_SID).bytes();
  }

  private static byte[] object(int type, long mask, int present, String guids) {
    int size = 24 + guids.length() / 2;
    return new Blob().u8(type).u8(0).u16(size).u32(mask, present).add(guids).add(USERS_SID).bytes();
  }
}
