package dev.reeve.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.ipsec.SealedSecret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VaultTest {

  private static Vault vault(long seed) {
    byte[] key = new byte[Vault.KEY_BYTES];
    new Random(seed).nextBytes(key);
    return new Vault(key);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void opens_what_it_sealed() {
    assertThat(vault(1).open(vault(1).seal(bytes("grün wie Gras"))))
        .isEqualTo(bytes("grün wie Gras"));
  }

  @Test
  void wipes_the_readable_secret() {
    byte[] secret = bytes("secret");
    assertThat(vault(1).seal(secret).text()).doesNotContain("secret");
    assertThat(secret).containsOnly(0);
  }

  @Test
  void sealing_twice_gives_the_same_so_that_nothing_looks_changed() {
    assertThat(vault(1).seal(bytes("a")))
        .isEqualTo(vault(1).seal(bytes("a")))
        .isNotEqualTo(vault(1).seal(bytes("b")));
  }

  @Test
  void another_key_does_not_open_it() {
    SealedSecret sealed = vault(1).seal(bytes("secret"));
    assertThatThrownBy(() -> vault(2).open(sealed)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_changed_byte_anywhere_is_noticed() {
    byte[] sealed = vault(1).seal(bytes("secret")).toBytes();
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> vault(1).open(SealedSecret.ofBytes(changed)))
          .as("byte " + i)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> vault(1).open(SealedSecret.ofBytes(Arrays.copyOf(sealed, 12))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
