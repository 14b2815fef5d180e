package dev.reeve.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.HostSeal;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
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

  private static final HostId WEB = new HostId("1".repeat(32));
  private static final HostId DB = new HostId("2".repeat(32));

  @Test
  void a_host_opens_what_was_sealed_to_it_and_no_other_host_does() {
    KeyPair web = EcKeys.generate();
    SealedSecret inPolicy = vault(1).seal(bytes("secret"));
    Digest id = HostSecrets.idOf(inPolicy);
    byte[] sealed = vault(1).reseal(inPolicy, WEB, web.getPublic()).toBytes();

    assertThat(HostSeal.open(web.getPrivate(), WEB, id, sealed)).isEqualTo(bytes("secret"));
    assertThatThrownBy(() -> HostSeal.open(EcKeys.generate().getPrivate(), DB, id, sealed))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> vault(2).reseal(inPolicy, WEB, web.getPublic()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_hosts_object_changes_only_with_its_secrets_its_key_or_the_host() {
    KeyPair web = EcKeys.generate();
    SealedSecret one = vault(1).seal(bytes("one"));
    SealedSecret two = vault(1).seal(bytes("two"));
    Map<Digest, SealedSecret> both = Map.of(HostSecrets.idOf(one), one, HostSecrets.idOf(two), two);
    byte[] first = object(new Resealed(vault(1)), WEB, web, both);

    assertThat(object(new Resealed(vault(1)), WEB, web, both)).isEqualTo(first);
    var kept = new Resealed(vault(1));
    assertThat(object(kept, WEB, web, both)).isEqualTo(first);
    assertThat(object(kept, DB, web, both)).isNotEqualTo(first);
    assertThat(object(kept, WEB, EcKeys.generate(), both)).isNotEqualTo(first);
    assertThat(object(kept, WEB, web, Map.of(HostSecrets.idOf(one), one))).isNotEqualTo(first);
    assertThat(object(kept, WEB, web, both)).isEqualTo(first);
    assertThat(kept.find(WEB, Optional.empty(), both)).isEmpty();
    assertThat(kept.find(WEB, Optional.of(web.getPublic()), Map.of())).isEmpty();
  }

  private static byte[] object(
      Resealed resealed, HostId host, KeyPair keys, Map<Digest, SealedSecret> secrets) {
    return resealed.find(host, Optional.of(keys.getPublic()), secrets).orElseThrow();
  }

  @Test
  void a_secret_of_another_vault_is_left_out_and_the_others_arrive() {
    KeyPair web = EcKeys.generate();
    SealedSecret ours = vault(1).seal(bytes("ours"));
    SealedSecret foreign = vault(2).seal(bytes("foreign"));
    Map<Digest, SealedSecret> both =
        Map.of(HostSecrets.idOf(ours), ours, HostSecrets.idOf(foreign), foreign);

    var object = HostSecrets.parse(object(new Resealed(vault(1)), WEB, web, both));

    assertThat(object.find(ours)).isPresent();
    assertThat(object.find(foreign)).isEmpty();
  }
}
