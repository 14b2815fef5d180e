package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SecurityFilter;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a group says when a part of it cannot be seen. The GPO `V` assigns a policy and is filtered
/// by the group `Outer`; the computer is in none that anybody can see.
class SecurityFilteringTest {

  private static final String WEB_01 = "CN=web-01,OU=Servers";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          the member of Outer                            | is               | apply   | deny
          a group that is shown                          | CN=Inner,OU=Groups | none    | V
          a name and nothing else                        | CN=bare,OU=Groups  | unknown | unknown
          an entry of a container that is not shown      | CN=x,OU=Secret     | unknown | unknown
          an entry of a container whose name is shown    | CN=x,OU=Vault      | unknown | unknown
          deep in a container that is not shown          | CN=x,OU=y,OU=Secret | unknown | unknown
          gone from a container that is shown            | CN=gone,OU=Groups  | none    | V
          a person                                       | CN=alice,OU=Groups | none    | V
          a computer                                     | CN=other,OU=Servers | none   | V
          Authenticated Users                            | CN=S-1-5-11,CN=ForeignSecurityPrincipals | V | none
          Everyone                                       | cn=s-1-1-0,cn=ForeignSecurityPrincipals  | V | none
          another foreign identity                       | CN=S-1-5-4,CN=ForeignSecurityPrincipals  | none | V
          an entry of that name elsewhere                | CN=S-1-5-11,OU=Groups | none | V
          """)
  void a_member_that_cannot_be_read_may_be_a_group(
      String what, String member, String applied, String denied) {
    var directory =
        new TestDirectory()
            .som("DC=corp", "V")
            .som("OU=Servers", "")
            .computer(WEB_01)
            .computer("CN=other,OU=Servers")
            .other("DC=corp", true)
            .other("OU=Groups", true)
            .other("CN=ForeignSecurityPrincipals", true)
            .other("OU=Servers", true)
            .other("OU=Vault", false)
            .other("CN=bare,OU=Groups", false)
            .other("CN=alice,OU=Groups", true)
            .group("Inner")
            .group("Middle", member)
            .group("Outer", "CN=Middle,OU=Groups");
    Dn outer = TestDirectory.dn("CN=Outer,OU=Groups");

    directory.gpo(
        "V", g -> TestDirectory.with(g, new SecurityFilter.Groups(Set.of(outer), Set.of())));
    Rsop apply = directory.resolve(WEB_01);
    directory.gpo(
        "V", g -> TestDirectory.with(g, new SecurityFilter.Groups(Set.of(), Set.of(outer))));
    Rsop deny = directory.resolve(WEB_01);

    assertThat(TestDirectory.shown(apply.assignment())).as(what).isEqualTo(applied);
    assertThat(TestDirectory.shown(deny.assignment())).as(what).isEqualTo(denied);
    boolean told = applied.equals("unknown");
    assertThat(apply.problems().stream().filter(p -> p.code() == Problem.Code.GROUP_UNREADABLE))
        .hasSize(told ? 1 : 0)
        .allSatisfy(p -> assertThat(p.dn()).isEqualTo(TestDirectory.dn(member).key()));
    if (told)
      assertThat(apply.links().getFirst().because())
          .endsWith(
              "is filtered by a group that has the member "
                  + TestDirectory.dn(member).key()
                  + ", which cannot be read");
  }
}
