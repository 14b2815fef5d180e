package dev.reeve.schema.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.read.LdapEntry;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes made to break a decoder, and bytes that broke by themselves.
class HostileDataTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("objects")
  void every_truncation_of_a_real_object_is_refused_or_read(LdapEntry entry) {
    byte[] data = Samples.data(entry);
    for (int size = 0; size < data.length; size++) {
      byte[] cut = Arrays.copyOf(data, size);
      boolean onlyEndByteMissing = size == data.length - 1;
      if (onlyEndByteMissing || isVersionInformation(data, size)) Samples.decode(entry, cut);
      else
        assertThatThrownBy(() -> Samples.decode(entry, cut))
            .as("%s bytes of %s", size, data.length)
            .isInstanceOf(MalformedDataException.class)
            .hasMessageStartingWith("at offset ");
    }
  }

  private static boolean isVersionInformation(byte[] data, int size) {
    return size >= 16 && data[0] == 0x6f;
  }

  static Stream<LdapEntry> objects() {
    return Samples.entries().stream();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_mutated_object_throws_nothing_but_malformed_data(long seed) {
    var random = new Random(seed);
    var entries = Samples.entries();
    for (int i = 0; i < 200; i++) {
      LdapEntry entry = entries.get(random.nextInt(entries.size()));
      byte[] data = mutated(Samples.data(entry), random);
      onlyMalformed(() -> Samples.decode(entry, data));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_mutated_security_descriptor_throws_nothing_but_malformed_data(long seed) {
    var random = new Random(seed);
    byte[] real = securityDescriptor();
    for (int i = 0; i < 200; i++) {
      byte[] data = mutated(real, random);
      onlyMalformed(() -> SecurityDescriptor.filter(data));
      onlyMalformed(() -> Sid.parse(data));
      onlyMalformed(() -> MsGuid.parse(data));
    }
  }

  private static void onlyMalformed(Runnable decode) {
    try {
      decode.run();
    } catch (MalformedDataException e) {
      assertThat(e.getMessage()).startsWith("at offset ");
    }
  }

  private static byte[] mutated(byte[] data, Random random) {
    byte[] copy =
        random.nextInt(4) == 0
            ? Arrays.copyOf(data, random.nextInt(data.length + 40))
            : data.clone();
    if (copy.length == 0) return copy;
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(copy.length);
      switch (random.nextInt(4)) {
        case 0 -> copy[at] = (byte) random.nextInt(256);
        case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(copy, at, Math.min(copy.length, at + 4), (byte) 0xff);
        default -> Arrays.fill(copy, at, Math.min(copy.length, at + 4), (byte) 0);
      }
    }
    return copy;
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @Test
  void counts_beyond_the_data_are_refused_before_anything_is_allocated() {
    String filters = "b520dc80 c82ed111 a89e00a0 248d3021 04000000";
    String action = "b920dc80 c82ed111 a89e00a0 248d3021 04000000";
    String rule = "00acbb11 8d49d111 863900a0 248d3021 04000000";
    for (long count : new long[] {1, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL}) {
      refused(() -> MsIpsecData.filters(Blob.hex(filters).u32(count).bytes()), count + " filters");
      refused(
          () ->
              MsIpsecData.action(
                  Blob.hex(action).u32(count).bytes(),
                  IpsecGuids.ACTION_BLOCK,
                  IpsecGuids.TYPE_STANDARD,
                  ""),
          count + " offers");
      refused(
          () -> MsIpsecData.rule(Blob.hex(rule).u32(count).bytes(), Samples.SEALER),
          count + " authentication methods");
    }
  }

  @Test
  void string_lengths_must_be_even_and_within_the_data() {
    String rule = "00acbb11 8d49d111 863900a0 248d3021 04000000 01000000 01000000";
    for (long length : new long[] {3, 15, 16, 0x7fff_fffeL, 0xffff_fffeL}) {
      refused(
          () ->
              MsIpsecData.rule(
                  Blob.hex(rule).u32(length).add("7300650063007200650074000000").bytes(),
                  Samples.SEALER),
          "a length of " + length + " for pre-shared key");
    }
  }

  @Test
  void a_message_never_repeats_a_secret() {
    String rule = "00acbb11 8d49d111 863900a0 248d3021 04000000 01000000 01000000";
    assertThatThrownBy(
            () -> MsIpsecData.rule(Blob.hex(rule).text("hush-hush").u32(7).bytes(), Samples.SEALER))
        .isInstanceOf(MalformedDataException.class)
        .message()
        .doesNotContain("hush");
  }

  @Test
  void two_megabytes_are_refused_whatever_they_hold() {
    var huge = new byte[2 << 20];
    String wanted = "2097152 bytes";
    refused(() -> MsIpsecData.policy(huge), wanted);
    refused(() -> MsIpsecData.mainMode(huge), wanted);
    refused(() -> MsIpsecData.rule(huge, Samples.SEALER), wanted);
    refused(() -> MsIpsecData.action(huge, "", "", ""), wanted);
    refused(() -> MsIpsecData.filters(huge), wanted);
    refused(() -> SecurityDescriptor.filter(huge), wanted);
  }

  @Test
  void one_kind_of_object_is_not_taken_for_another() {
    byte[] policy = Samples.data(Samples.entry("{72385230-70FA-11D1-864C-14A300000000}"));
    refused(() -> MsIpsecData.filters(policy), "{22202163-4F4C-11D1-863B-00A0248D3021}");
  }

  @Test
  void bytes_behind_the_end_are_refused() {
    byte[] policy = Samples.data(Samples.entry("{72385230-70FA-11D1-864C-14A300000000}"));
    refused(() -> MsIpsecData.policy(Arrays.copyOf(policy, policy.length + 1)), "2 more bytes");
  }

  @Test
  void a_wrong_data_length_is_refused() {
    byte[] filters = Samples.data(Samples.entry("{72385235-70FA-11D1-864C-14A300000000}")).clone();
    filters[16] = 0x51;
    refused(() -> MsIpsecData.filters(filters), "data length 81");
  }

  private static byte[] securityDescriptor() {
    return Base64.getMimeDecoder().decode(Samples.resource("/ms/gpo-security-descriptor.base64"));
  }

  private static void refused(Runnable decode, String seen) {
    assertThatThrownBy(decode::run)
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("found " + seen);
  }
}
