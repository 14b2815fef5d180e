package dev.reeve.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostSealTest {

  private static final HostId WEB = new HostId("1".repeat(32));
  private static final HostId DB = new HostId("2".repeat(32));
  private static final Digest PSK = Digest.of(bytes("psk as the vault sealed it"));
  private static final Digest OTHER = Digest.of(bytes("another"));
  private static final KeyPair KEYS = EcKeys.generate();
  private static final byte[] SECRET = bytes("grün wie Gras");
  private static final byte[] SEED =
      Digest.of(bytes("seed")).hex().getBytes(StandardCharsets.US_ASCII);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sealed() {
    return HostSeal.seal(KEYS.getPublic(), WEB, PSK, SECRET, SEED);
  }

  private static void assertRefused(KeyPair keys, HostId host, Digest id, byte[] sealed) {
    assertThatThrownBy(() -> HostSeal.open(keys.getPrivate(), host, id, sealed))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("grün"));
  }

  @Test
  void the_host_it_was_sealed_to_opens_it() {
    assertThat(HostSeal.open(KEYS.getPrivate(), WEB, PSK, sealed())).isEqualTo(SECRET);
    byte[] empty = HostSeal.seal(KEYS.getPublic(), WEB, PSK, new byte[0], SEED);
    assertThat(HostSeal.open(KEYS.getPrivate(), WEB, PSK, empty)).isEmpty();
  }

  @Test
  void the_same_seed_gives_the_same_bytes_and_they_show_nothing() {
    assertThat(sealed()).isEqualTo(sealed());
    assertThat(new String(sealed(), StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(SECRET, StandardCharsets.ISO_8859_1))
        .doesNotContain("Gras");
    byte[] otherwise = HostSeal.seal(KEYS.getPublic(), WEB, PSK, SECRET, new byte[32]);
    assertThat(otherwise).isNotEqualTo(sealed());
  }

  @Test
  void another_hosts_key_does_not_open_it() {
    assertRefused(EcKeys.generate(), WEB, PSK, sealed());
  }

  /// Even where two hosts had one key: what is sealed says whose it is.
  @Test
  void it_is_nobody_elses_secret() {
    assertRefused(KEYS, DB, PSK, sealed());
  }

  /// An old key replayed in the place of a new one.
  @Test
  void it_is_no_other_secret() {
    assertRefused(KEYS, WEB, OTHER, sealed());
  }

  @Test
  void a_changed_bit_anywhere_is_noticed() {
    byte[] sealed = sealed();
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(KEYS, WEB, PSK, changed);
    }
  }

  @Test
  void what_is_cut_anywhere_or_longer_is_refused() {
    byte[] sealed = sealed();
    for (int length = 0; length < sealed.length; length++)
      assertRefused(KEYS, WEB, PSK, Arrays.copyOf(sealed, length));
    assertRefused(KEYS, WEB, PSK, Arrays.copyOf(sealed, sealed.length + 1));
  }

  /// Points that would give away the private key, or make the shared secret known to all.
  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x04, 0xff})
  void an_encapsulated_key_that_is_no_point_of_the_curve_is_refused(int fill) {
    byte[] sealed = sealed();
    Arrays.fill(sealed, 2, 66, (byte) fill);
    assertRefused(KEYS, WEB, PSK, sealed);
    Arrays.fill(sealed, 1, 66, (byte) 0);
    assertRefused(KEYS, WEB, PSK, sealed);
  }

  /// RFC 9180 appendix A.3.1.
  @Test
  void the_library_derives_keys_as_the_specification_does() {
    var suite =
        new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    byte[] material =
        HexFormat.of().parseHex("4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e");
    var derived = suite.deriveKeyPair(material);
    assertThat(HexFormat.of().formatHex(suite.serializePrivateKey(derived.getPrivate())))
        .isEqualTo("4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb");
  }
}
