package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.ALICE;
import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static dev.reeve.server.directory.embedded.TestDirectory.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.schema.Schema;
import dev.reeve.server.directory.embedded.AccessControl.Decision;
import dev.reeve.server.directory.embedded.AccessControl.Operation;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessControlTest {
  private final AccessControl access;

  AccessControlTest() throws Exception {
    access =
        new AccessControl(
            List.of(new DN(BASE)), Set.of(new DN(OPERATOR)), Schema.getDefaultStandardSchema());
  }

  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          operation | target                                      | anonymous | user | operator | admin
          ROOT_DSE  |                                             | yes       | yes  | yes      | yes
          READ      |                                             | 50        | yes  | yes      | yes
          READ      | cn=schema                                   | 50        | yes  | yes      | yes
          READ      | DC=corp,DC=example                          | 50        | yes  | yes      | yes
          READ      | CN=System,DC=corp,DC=example                | 50        | yes  | yes      | yes
          READ      | CN=Reeve,CN=System,DC=corp,DC=example       | 50        | 50   | yes      | yes
          READ      | cn=reeve , cn=SYSTEM,dc=corp,dc=example     | 50        | 50   | yes      | yes
          READ      | CN=x,CN=Reeve,CN=System,DC=corp,DC=example  | 50        | 50   | yes      | yes
          READ      | CN=Reeve,CN=Users,DC=corp,DC=example        | 50        | yes  | yes      | yes
          COMPARE   | DC=corp,DC=example                          | 50        | yes  | yes      | yes
          COMPARE   | CN=x,CN=Reeve,CN=System,DC=corp,DC=example  | 50        | 50   | yes      | yes
          WRITE     | CN=x,DC=corp,DC=example                     | 50        | 50   | yes      | yes
          WRITE     | CN=x,CN=Reeve,CN=System,DC=corp,DC=example  | 50        | 50   | yes      | yes
          WRITE     | cn=schema                                   | 50        | 50   | 53       | 53
          WRITE     | DC=other,DC=example                         | 50        | 50   | 53       | 53
          WRITE     | CN=ADMIN,DC=corp,DC=example                 | 50        | 50   | 50       | 50
          WHO_AM_I  |                                             | 50        | yes  | yes      | yes
          """,
      useHeadersInDisplayName = true,
      nullValues = "-")
  void decides(
      Operation operation,
      @Nullable String target,
      String anonymous,
      String user,
      String operator,
      String admin)
      throws Exception {
    var dn = new DN(target == null ? "" : target);
    assertThat(decide(Principal.ANONYMOUS, operation, dn)).isEqualTo(anonymous);
    assertThat(decide(access.principal(new DN(ALICE)), operation, dn)).isEqualTo(user);
    assertThat(decide(access.principal(new DN(OPERATOR)), operation, dn)).isEqualTo(operator);
    assertThat(decide(access.principal(new DN("CN=Admin," + BASE)), operation, dn))
        .isEqualTo(admin);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          filter                                   | user | admin
          (cn=a)                                   | yes  | yes
          (!(description=*))                       | yes  | yes
          (userPassword=*)                         | 50   | yes
          (USERPASSWORD;lang-de=x)                 | 50   | yes
          (2.5.4.35=x)                             | 50   | yes
          '(&(cn=a)(|(cn=b)(!(userPassword=x*))))' | 50   | yes
          (userPassword>=x)                        | 50   | yes
          (:caseExactMatch:=x)                     | 18   | 18
          (userPassword:octetStringMatch:=x)       | 18   | 18
          (cn~=a)                                  | 18   | 18
          """,
      useHeadersInDisplayName = true)
  void a_filter_asks_only_about_what_may_be_read(String filter, String user, String admin)
      throws Exception {
    var parsed = Filter.create(filter);
    assertThat(text(access.decideFilter(access.principal(new DN(ALICE)), parsed))).isEqualTo(user);
    assertThat(text(access.decideFilter(access.principal(new DN(OPERATOR)), parsed)))
        .isEqualTo(admin);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          client             | decision
          127.0.0.1          | yes
          127.9.8.7          | yes
          ::1                | yes
          ::ffff:127.0.0.1   | yes
          192.0.2.1          | 13
          2001:db8::1        | 13
          0.0.0.0            | 13
          """,
      useHeadersInDisplayName = true)
  void clear_text_passwords_are_taken_on_loopback_only(String client, String decision)
      throws Exception {
    assertThat(text(access.decideBind(InetAddress.getByName(client), false))).isEqualTo(decision);
    assertThat(text(access.decideBind(InetAddress.getByName(client), true))).isEqualTo("yes");
  }

  private String decide(Principal who, Operation operation, DN target) {
    return text(access.decide(who, operation, target));
  }

  private static String text(Decision decision) {
    return switch (decision) {
      case Decision.Allowed _ -> "yes";
      case Decision.Denied(var code, _) -> Integer.toString(code.intValue());
    };
  }
}
