package dev.reeve.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.server.secrets.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFileTest {

  private static final Dn BASE = Dn.parse("DC=corp,DC=example");
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final String SERVER = "ldaps://ldap.corp.example:636";
  private static final String KEY = "the-key-of-a-rule";

  @TempDir Path state;
  private Path path;
  private PictureFile file;
  private final List<LdapEntry> corp = new ArrayList<>();

  @BeforeEach
  void save() throws Exception {
    path = state.resolve("directory.picture");
    file = of(1, BASE, SERVER);
    try (var in =
        Objects.requireNonNull(PictureFileTest.class.getResourceAsStream("/samples/corp.ldif"))) {
      corp.addAll(LdifFile.parse(in.readAllBytes()).entries());
    }
    corp.add(
        LdapEntry.named(BASE.below("CN=rule,CN=IP Security,CN=System"))
            .addClasses(LdapClass.IPSEC_NFA)
            .add(LdapAttribute.IPSEC_DATA, KEY.getBytes(StandardCharsets.UTF_16LE))
            .build());
    file.write(NOON, corp);
  }

  private PictureFile of(int vault, Dn base, String... servers) {
    byte[] key = new byte[Vault.KEY_BYTES];
    new Random(vault).nextBytes(key);
    return new PictureFile(path, new Vault(key), base, List.of(servers));
  }

  @Test
  void what_was_saved_is_read_again_to_the_byte() throws Exception {
    SavedPicture read = of(1, Dn.parse("dc=CORP, dc=example"), "ldaps://new", SERVER).read();

    assertThat(read.asOf()).isEqualTo(NOON);
    assertThat(read.entries()).hasSameSizeAs(corp);
    for (int i = 0; i < corp.size(); i++)
      assertThat(read.entries().get(i).sameAs(corp.get(i))).as(corp.get(i).toString()).isTrue();
  }

  @Test
  void nobody_but_the_server_can_read_it_and_no_key_stands_in_it() throws Exception {
    String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(text).startsWith("reeve picture 1\n");
    assertThat(text.toLowerCase(java.util.Locale.ROOT)).doesNotContain("dc=corp", "web-01");
    assertThat(text)
        .doesNotContain(
            KEY, new String(KEY.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> of(2, BASE, SERVER).read())
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("sealed with another vault key, or changed since");
  }

  @Test
  void any_changed_bit_and_any_missing_end_is_noticed() throws Exception {
    byte[] whole = Files.readAllBytes(path);
    var random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] changed = whole.clone();
      changed[i < 20 ? i : random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(changed);
      assertRefused(Arrays.copyOf(whole, random.nextInt(whole.length)));
    }
    assertRefused(new byte[0]);
    assertRefused(Arrays.copyOf(whole, whole.length + 1));
  }

  private void assertRefused(byte[] content) throws IOException {
    Files.write(path, content);
    assertThatThrownBy(file::read)
        .isInstanceOf(PictureException.class)
        .hasMessageContaining(path.toString());
  }

  @Test
  void a_newer_form_is_named() throws Exception {
    byte[] whole = Files.readAllBytes(path);
    whole["reeve picture ".length()] = '2';
    Files.write(path, whole);

    assertThatThrownBy(file::read)
        .hasMessageContaining("has version 2, and this server reads version 1");
  }

  @Test
  void a_picture_of_something_else_is_not_taken() {
    assertThatThrownBy(() -> of(1, Dn.parse("DC=other,DC=example"), SERVER).read())
        .hasMessageContainingAll("DC=corp,DC=example", "--base-dn says DC=other,DC=example");
    assertThatThrownBy(() -> of(1, BASE, "ldaps://elsewhere:636").read())
        .hasMessageContainingAll(SERVER, "--directory");
  }

  @Test
  void before_the_first_there_is_none() throws Exception {
    Files.delete(path);
    assertThatThrownBy(file::read).hasMessageContaining("none was saved yet");
  }
}
