package dev.reeve.schema.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifChanges;
import dev.reeve.schema.read.LdifException;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangesTest {

  private static final String BEFORE =
      """
      dn: DC=corp
      objectClass: domain

      dn: OU=Web,DC=corp
      objectClass: organizationalUnit
      ou: Web
      gPLink: [LDAP://CN={A},DC=corp;0]
      description: one
      description: two

      dn: OU=Old,DC=corp
      objectClass: organizationalUnit

      dn: CN=web-01,OU=Web,DC=corp
      objectClass: computer
      cn: web-01
      objectGUID:: AAECAwQFBgcICQoLDA0ODw==

      dn: CN=lin-01,OU=Web,DC=corp
      objectClass: computer
      cn: lin-01

      dn: CN=all,DC=corp
      objectClass: groupOfNames
      member: cn=web-01, ou=web, dc=corp
      member: CN=lin-01,OU=Web,DC=corp
      flags: 41
      """;

  @TempDir Path directory;

  private Changes.Changed change(String ldif) throws LdifException, ChangeException {
    return Changes.apply(
        LdifFile.parse(BEFORE.getBytes(StandardCharsets.UTF_8)).entries(),
        LdifChanges.read(file(ldif)));
  }

  private Path file(String ldif) {
    try {
      return Files.writeString(directory.resolve("change.ldif"), ldif);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<LdapEntry> find(Changes.Changed changed, String dn) {
    return changed.entries().stream().filter(e -> e.dn().equals(Dn.parse(dn))).findFirst();
  }

  private List<String> texts(String dn, LdapAttribute attribute, String ldif) throws Exception {
    return find(change(ldif), dn).orElseThrow().texts(attribute);
  }

  @Test
  void an_entry_is_added() throws Exception {
    var changed =
        change("dn: CN=new,OU=Web,DC=corp\nchangetype: add\nobjectClass: computer\ncn: new\n");
    assertThat(find(changed, "CN=new,OU=Web,DC=corp").orElseThrow().texts(LdapAttribute.CN))
        .containsExactly("new");
    assertThat(changed.entries()).hasSize(7);
  }

  /// Changes are made in order: the second sees what the first did.
  @Test
  void an_entry_may_be_added_below_an_added_one() throws Exception {
    var changed =
        change(
            """
            version: 1

            # a comment,
             folded
            dn: OU=New,DC=corp
            changetype: add
            objectClass: organizationalUnit

            dn:: Q049eCxPVT1OZXcsREM9Y29ycA==
            changetype: add
            objectClass: comp
             uter
            """);
    assertThat(find(changed, "CN=x,OU=New,DC=corp")).isPresent();
  }

  @Test
  void values_are_added_deleted_and_replaced_in_one_change() throws Exception {
    var changed =
        change(
            """
            dn: ou=web,dc=CORP
            changetype: modify
            replace: gPLink
            gPLink: [LDAP://CN={B},DC=corp;2]
            -
            delete: description
            description: TWO
            -
            add: description
            description: three
            -
            replace: ou
            -
            """);
    LdapEntry web = find(changed, "OU=Web,DC=corp").orElseThrow();
    assertThat(web.texts(LdapAttribute.GP_LINK)).containsExactly("[LDAP://CN={B},DC=corp;2]");
    assertThat(web.texts(LdapAttribute.DESCRIPTION)).containsExactly("one", "three");
    assertThat(web.has(LdapAttribute.OU)).isFalse();
  }

  /// Names compare as names, however they are written.
  @Test
  void a_member_is_found_by_its_name() throws Exception {
    assertThat(
            texts(
                "CN=all,DC=corp",
                LdapAttribute.MEMBER,
                "dn: CN=all,DC=corp\nchangetype: modify\ndelete: member\n"
                    + "member: CN=WEB-01 , OU=Web,DC=corp\n"))
        .containsExactly("CN=lin-01,OU=Web,DC=corp");
  }

  @Test
  void a_number_is_incremented() throws Exception {
    assertThat(
            texts(
                "CN=all,DC=corp",
                LdapAttribute.FLAGS,
                "dn: CN=all,DC=corp\nchangetype: modify\nincrement: flags\nflags: 1\n"))
        .containsExactly("42");
  }

  @Test
  void an_entry_is_deleted_and_with_the_control_a_tree() throws Exception {
    assertThat(change("dn: CN=lin-01,OU=Web,DC=corp\nchangetype: delete\n").entries()).hasSize(5);
    var tree =
        change("dn: OU=Web,DC=corp\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n");
    assertThat(tree.entries().stream().map(e -> e.dn().toString()))
        .containsExactly("DC=corp", "OU=Old,DC=corp", "CN=all,DC=corp");
  }

  @Test
  void what_is_below_moves_along() throws Exception {
    var changed =
        change(
            """
            dn: OU=Web,DC=corp
            changetype: moddn
            newrdn: OU=Shop
            deleteoldrdn: 1
            newsuperior: OU=Old,DC=corp
            """);
    assertThat(find(changed, "OU=Web,DC=corp")).isEmpty();
    assertThat(find(changed, "OU=Shop,OU=Old,DC=corp").orElseThrow().texts(LdapAttribute.OU))
        .containsExactly("Shop");
    assertThat(find(changed, "CN=web-01,OU=Shop,OU=Old,DC=corp")).isPresent();
    assertThat(changed.moved())
        .containsEntry(
            Dn.parse("CN=web-01,OU=Web,DC=corp"), Dn.parse("CN=web-01,OU=Shop,OU=Old,DC=corp"));
  }

  @Test
  void an_entry_that_moves_twice_is_still_the_one_it_was() throws Exception {
    var changed =
        change(
            """
            dn: CN=lin-01,OU=Web,DC=corp
            changetype: modrdn
            newrdn: CN=lin-02
            deleteoldrdn: 0

            dn: CN=lin-02,OU=Web,DC=corp
            changetype: modrdn
            newrdn: CN=lin-02
            deleteoldrdn: 0
            newsuperior: OU=Old,DC=corp
            """);
    assertThat(changed.moved())
        .containsExactly(
            java.util.Map.entry(
                Dn.parse("CN=lin-01,OU=Web,DC=corp"), Dn.parse("CN=lin-02,OU=Old,DC=corp")));
    assertThat(find(changed, "CN=lin-02,OU=Old,DC=corp").orElseThrow().texts(LdapAttribute.CN))
        .containsExactly("lin-01", "lin-02");
  }

  /// Active Directory keeps references by object, other directories as written.
  @Test
  void references_follow_in_active_directory_only() throws Exception {
    assertThat(texts("CN=all,DC=corp", LdapAttribute.MEMBER, moveToOld("web-01")))
        .containsExactly("CN=web-01,OU=Old,DC=corp", "CN=lin-01,OU=Web,DC=corp");
    assertThat(texts("CN=all,DC=corp", LdapAttribute.MEMBER, moveToOld("lin-01")))
        .containsExactly("cn=web-01, ou=web, dc=corp", "CN=lin-01,OU=Web,DC=corp");
  }

  private static String moveToOld(String name) {
    return "dn: CN=%s,OU=Web,DC=corp\nchangetype: modrdn\nnewrdn: CN=%s\ndeleteoldrdn: 1\nnewsuperior: OU=Old,DC=corp\n"
        .formatted(name, name);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        no(
            "add: there already",
            "\ndn: OU=web,DC=corp\nchangetype: add\nobjectClass: organizationalUnit",
            "line 2: OU=web,DC=corp: there is such an entry already"),
        no(
            "add: no OU above",
            "dn: CN=x,OU=Wbe,DC=corp\nchangetype: add\nobjectClass: computer",
            "line 1: OU=Wbe,DC=corp: no such entry"),
        no(
            "add: no class",
            "dn: CN=x,DC=corp\nchangetype: add\ncn: x",
            "line 1: CN=x,DC=corp: objectClass: is missing"),
        no(
            "add: two links",
            "dn: OU=x,DC=corp\nchangetype: add\nobjectClass: organizationalUnit\ngPLink: a\ngPLink: b",
            "line 4: OU=x,DC=corp: gplink: takes one value only"),
        no(
            "delete: nothing there",
            "dn: CN=web-01,DC=corp\nchangetype: delete",
            "line 1: CN=web-01,DC=corp: no such entry; there is CN=web-01,OU=Web,DC=corp"),
        no(
            "delete: not a leaf",
            "dn: OU=Web,DC=corp\nchangetype: delete",
            "line 1: OU=Web,DC=corp: has entries below it, CN=web-01,OU=Web,DC=corp for one"),
        no(
            "modify: nothing there",
            "# c\n\ndn: OU=x,DC=corp\nchangetype: modify\nreplace: gPLink",
            "line 3: OU=x,DC=corp: no such entry"),
        no(
            "modify: no such value, in the second part",
            "dn: OU=Web,DC=corp\nchangetype: modify\nreplace: ou\nou: Web\n-\ndelete: description\ndescription: one\ndescription: th\n ree\n-",
            "line 8: OU=Web,DC=corp: description: has no value 'three'"),
        no(
            "modify: no such attribute",
            "dn: OU=Old,DC=corp\nchangetype: modify\ndelete: gPLink",
            "line 3: OU=Old,DC=corp: gPLink: the entry has no such attribute"),
        no(
            "modify: value there already",
            "dn: OU=Web,DC=corp\nchangetype: modify\nadd: description\ndescription: ONE",
            "line 4: OU=Web,DC=corp: description: has the value 'ONE' already"),
        no(
            "modify: one value only",
            "dn: OU=Web,DC=corp\nchangetype: modify\nadd: gPLink\ngPLink: [LDAP://CN={B},DC=corp;0]",
            "line 4: OU=Web,DC=corp: gPLink: takes one value and has one; use replace"),
        no(
            "modify: no number",
            "dn: OU=Web,DC=corp\nchangetype: modify\nincrement: description\ndescription: 1",
            "line 3: OU=Web,DC=corp: description: 'one' is no number"),
        no(
            "modify: no class left",
            "dn: OU=Web,DC=corp\nchangetype: modify\ndelete: objectClass",
            "line 1: OU=Web,DC=corp: objectClass: would be empty"),
        no(
            "move: target taken",
            "dn: CN=web-01,OU=Web,DC=corp\nchangetype: modrdn\nnewrdn: CN=lin-01\ndeleteoldrdn: 1",
            "line 3: CN=web-01,OU=Web,DC=corp: there is an entry CN=lin-01,OU=Web,DC=corp already"),
        no(
            "move: no such OU",
            "dn: CN=web-01,OU=Web,DC=corp\nchangetype: modrdn\nnewrdn: CN=web-01\ndeleteoldrdn: 1\nnewsuperior: OU=Nope,DC=corp",
            "line 5: OU=Nope,DC=corp: no such entry"),
        no(
            "move: below itself",
            "dn: OU=Web,DC=corp\nchangetype: modrdn\nnewrdn: OU=Web\ndeleteoldrdn: 1\nnewsuperior: OU=Web,DC=corp",
            "line 5: OU=Web,DC=corp: cannot move below itself"),
        no(
            "a control nobody knows",
            "dn: OU=Web,DC=corp\ncontrol: 1.2.3 true\nchangetype: delete",
            "line 2: OU=Web,DC=corp: control 1.2.3 is not known here"));
  }

  private static Arguments no(String what, String ldif, String message) {
    return Arguments.of(what, ldif, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void what_a_directory_would_refuse_is_refused(String what, String ldif, String message) {
    assertThatThrownBy(() -> change(ldif + "\n"))
        .as(what)
        .isInstanceOf(ChangeException.class)
        .hasMessageStartingWith(message);
  }

  static Stream<Arguments> noChanges() {
    return Stream.of(
        no("an export", "dn: OU=x,DC=corp\nobjectClass: x", "line 1: has no changetype"),
        no("nothing", "# nothing\n", "holds no change"),
        no("an unknown type", "\n\ndn: OU=x\nchangetype: move", "line 3: dn: OU=x: "),
        no("no name", "changetype: delete", "line 1: changetype: delete: "),
        no("a continuation of nothing", "\n x", "line 2: goes on where nothing began"),
        no(
            "a value from elsewhere",
            "dn: OU=Web,DC=corp\nchangetype: modify\nadd: description\ndescription:< file:///etc/passwd",
            "line 1: dn: OU=Web,DC=corp: "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noChanges")
  void a_file_that_holds_no_changes_is_refused_with_its_line(
      String what, String ldif, String message) {
    assertThatThrownBy(() -> change(ldif + "\n"))
        .as(what)
        .isInstanceOf(LdifException.class)
        .hasMessageContaining("change.ldif: " + message)
        .hasMessageNotContaining("root:");
  }
}
