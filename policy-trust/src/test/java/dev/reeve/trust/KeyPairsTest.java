package dev.reeve.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPairsTest {

  private static KeyPair pair(String kind, int bits) throws Exception {
    var generator = KeyPairGenerator.getInstance(kind);
    if (bits > 0) generator.initialize(bits);
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "EC, 256", "EC, 384", "Ed25519, 0", "Ed448, 0"})
  void keys_that_were_made_together_are_a_pair_and_no_others(String kind, int bits)
      throws Exception {
    KeyPair one = pair(kind, bits);
    assertThat(KeyPairs.isPair(one.getPrivate(), one.getPublic())).isTrue();
    assertThat(KeyPairs.isPair(pair(kind, bits).getPrivate(), one.getPublic())).isFalse();
    assertThat(KeyPairs.isPair(pair("EC", 521).getPrivate(), one.getPublic())).isFalse();
  }

  @Test
  void keys_that_sign_nothing_are_refused() throws Exception {
    KeyPair agreed = pair("X25519", 0);
    assertThatThrownBy(() -> KeyPairs.isPair(agreed.getPrivate(), agreed.getPublic()))
        .hasMessage("a key is XDH, expected RSA, EC or EdDSA");
  }
}
