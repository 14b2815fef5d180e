package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdifFileTest {

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path dir;

  @Test
  void entries_are_read_with_text_base64_and_folded_values() {
    var contents =
        parse(
            """
            version: 1
            # a comment
            dn: OU=Web,DC=corp,
             DC=example
            objectClass: top
            objectClass: organizationalUnit
            OU: Web
            description:: w7xiZXI=
            """);
    var entry = contents.entries().getFirst();
    assertThat(entry.dn().toString()).isEqualTo("OU=Web,DC=corp,DC=example");
    assertThat(entry.isA(LdapClass.ORGANIZATIONAL_UNIT)).isTrue();
    assertThat(entry.text(LdapAttribute.OU)).contains("Web");
    assertThat(entry.text(LdapAttribute.DESCRIPTION)).contains("über");
    assertThat(contents.problems()).isEmpty();
  }

  @Test
  void a_malformed_entry_is_a_problem_and_the_rest_goes_on() {
    var contents =
        parse(
            """
            dn: OU=A,DC=x
            objectClass: organizationalUnit

            dn: OU=B,DC=x
            objectClass organizationalUnit

            dn: not a name
            objectClass: organizationalUnit

            dn: OU=C,DC=x
            description:: ***
            objectClass: organizationalUnit

            objectClass: organizationalUnit

            dn: OU=D,DC=x
            objectClass: organizationalUnit
            """);
    assertThat(contents.entries().stream().map(e -> e.dn().toString()))
        .containsExactly("OU=A,DC=x", "OU=D,DC=x");
    assertThat(contents.problems().stream().map(Problem::dn))
        .containsExactly("OU=B,DC=x", "not a name", "OU=C,DC=x", "");
    assertThat(contents.problems()).allMatch(p -> p.code() == Code.MALFORMED_ENTRY);
  }

  @Test
  void the_first_of_two_entries_of_one_name_counts() {
    var contents =
        parse(
            """
            dn: OU=A,DC=x
            description: first

            dn: ou=a, dc=X
            description: second
            """);
    assertThat(contents.entries().getFirst().text(LdapAttribute.DESCRIPTION)).contains("first");
    assertThat(contents.problems())
        .extracting(Problem::dn, Problem::code)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("ou=a, dc=X", Code.DUPLICATE_ENTRY));
  }

  @Test
  void add_records_as_ldifde_writes_them_are_entries_and_other_changes_are_problems() {
    var contents =
        parse(
            """
            dn: OU=A,DC=x
            changetype: add
            objectClass: organizationalUnit

            dn: OU=B,DC=x
            changetype: delete
            """);
    assertThat(contents.entries()).hasSize(1);
    assertThat(contents.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.detail()).contains("change record"));
  }

  @Test
  void a_value_from_another_file_is_refused() throws Exception {
    Path secret = Files.writeString(dir.resolve("secret"), "hidden");
    for (String start : new String[] {"description:< ", "description:\n < ", "descri\n ption:< "}) {
      var contents =
          parse(
              "dn: OU=A,DC=x\nobjectClass: organizationalUnit\n"
                  + start
                  + secret.toUri()
                  + "\n\ndn: OU=B,DC=x\nobjectClass: organizationalUnit\n");
      assertThat(contents.entries()).as(start).hasSize(1);
      assertThat(contents.problems())
          .singleElement()
          .satisfies(p -> {
            assertThat(p.dn()).isEqualTo("OU=A,DC=x");
            assertThat(p.toString()).doesNotContain("hidden");
          });
    }
  }

  @Test
  void unicode_files_of_windows_tools_are_read() {
    String text = "dn: OU=Größe,DC=x\nobjectClass: organizationalUnit\n";
    byte[] utf16 = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
    byte[] utf8 = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
    for (byte[] content : new byte[][] {utf16, utf8}) {
      assertThat(LdifFile.parse(content).entries())
          .singleElement()
          .satisfies(e -> assertThat(e.dn().name()).isEqualTo("Größe"));
    }
  }

  @Test
  void a_file_without_entries_is_an_error_that_names_file_and_reason() throws IOException {
    Path missing = dir.resolve("missing.ldif");
    assertThatThrownBy(() -> LdifFile.read(missing))
        .isInstanceOf(LdifException.class)
        .hasMessage(missing + ": no such file");
    Path empty = Files.createFile(dir.resolve("empty.ldif"));
    assertThatThrownBy(() -> LdifFile.read(empty))
        .isInstanceOf(LdifException.class)
        .hasMessage(empty + ": has 0 bytes, expected LDIF entries");
    assertThatThrownBy(() -> LdifFile.read(dir))
        .isInstanceOf(LdifException.class)
        .hasMessage(dir + ": is a directory");
    Path comments = Files.writeString(dir.resolve("comments.ldif"), "# nothing\n");
    assertThatThrownBy(() -> LdifFile.read(comments))
        .isInstanceOf(LdifException.class)
        .hasMessageContaining("holds no LDIF entry");
    Path noise = Files.write(dir.resolve("noise.ldif"), new byte[] {0, 1, 2, (byte) 0xff, 10, 3});
    assertThatThrownBy(() -> LdifFile.read(noise))
        .isInstanceOf(LdifException.class)
        .hasMessageContaining("holds no LDIF entry: line 1");
  }

  private static LdifFile.Contents parse(String text) {
    return LdifFile.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
