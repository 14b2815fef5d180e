package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.ADMIN;
import static dev.reeve.server.directory.embedded.TestDirectory.ALICE;
import static dev.reeve.server.directory.embedded.TestDirectory.ALICE_PASSWORD;
import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static dev.reeve.server.directory.embedded.TestDirectory.OPERATOR;
import static dev.reeve.server.directory.embedded.TestDirectory.OPERATOR_PASSWORD;
import static dev.reeve.server.directory.embedded.TestDirectory.POLICIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.AddRequest;
import com.unboundid.ldap.sdk.CompareRequest;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DeleteRequest;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.ExtendedRequest;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.controls.ProxiedAuthorizationV1RequestControl;
import com.unboundid.ldap.sdk.controls.ProxiedAuthorizationV2RequestControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.ldap.sdk.controls.SubtreeDeleteRequestControl;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.ldap.sdk.extensions.StartTransactionExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedResult;
import com.unboundid.ldap.sdk.unboundidds.controls.IgnoreNoUserModificationRequestControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients really get, over sockets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessOverLdapTest {
  @TempDir static Path state;

  @SuppressWarnings("NullAway.Init")
  private EmbeddedDirectory directory;

  @BeforeAll
  void open() throws Exception {
    directory = EmbeddedDirectory.open(TestDirectory.config(state));
    directory.apply(TestDirectory.container("CN=Scratch," + BASE));
  }

  @AfterAll
  void close() {
    directory.close();
  }

  @FunctionalInterface
  private interface Request {
    Object send(LDAPConnection connection) throws LDAPException;
  }

  private enum Try {
    ROOT_DSE(c -> c.search("", SearchScope.BASE, "(objectClass=*)")),
    BASE_READ(c -> c.search(BASE, SearchScope.BASE, "(objectClass=*)")),
    WHOLE_TREE(c -> c.search("", SearchScope.SUB, "(objectClass=*)")),
    SCHEMA(c -> c.search("cn=schema", SearchScope.BASE, "(objectClass=*)")),
    POLICY(c -> c.search(POLICIES, SearchScope.SUB, "(objectClass=*)")),
    PASSWORD_FILTER(c -> c.search(BASE, SearchScope.SUB, "(userPassword=*)")),
    COMPARE(c -> c.compare(new CompareRequest(ALICE, "sn", "Example"))),
    COMPARE_PASSWORD(c -> c.compare(new CompareRequest(ALICE, "userPassword", "x"))),
    COMPARE_POLICY(c -> c.compare(new CompareRequest("CN=Secret," + POLICIES, "cn", "Secret"))),
    ADD(c -> c.add(TestDirectory.entry("CN=new,CN=Scratch," + BASE))),
    MODIFY(c ->
        c.modify(
            "CN=new,CN=Scratch," + BASE,
            new Modification(ModificationType.REPLACE, "description", "x"))),
    RENAME(c -> c.modifyDN("CN=new,CN=Scratch," + BASE, "CN=newer", true)),
    DELETE(c -> c.delete("CN=newer,CN=Scratch," + BASE)),
    OWN_PASSWORD(
        c -> c.modify(ALICE, new Modification(ModificationType.REPLACE, "userPassword", "x"))),
    WRITE_SCHEMA(c ->
        c.modify(
            "cn=schema",
            new Modification(ModificationType.ADD, "objectClasses", "( 1.2.3 NAME 'x' SUP top )"))),
    WHO_AM_I(c -> extended(c, new WhoAmIExtendedRequest())),
    START_TLS(c -> extended(c, new StartTLSExtendedRequest())),
    TRANSACTION(c -> extended(c, new StartTransactionExtendedRequest())),
    PASSWORD_MODIFY(c -> extended(c, new PasswordModifyExtendedRequest("dn:" + ALICE, null, "x")));

    final Request request;

    Try(Request request) {
      this.request = request;
    }
  }

  private static Object extended(LDAPConnection connection, ExtendedRequest request)
      throws LDAPException {
    var result = connection.processExtendedOperation(request);
    if (result.getResultCode() != ResultCode.SUCCESS) throw new LDAPException(result);
    return result;
  }

  // Rows run in order: an administrator's entry is added, changed, renamed and deleted.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          request          | anonymous | user | administrator
          ROOT_DSE         | 0         | 0    | 0
          BASE_READ        | 50        | 0    | 0
          WHOLE_TREE       | 50        | 0    | 0
          SCHEMA           | 50        | 0    | 0
          POLICY           | 50        | 50   | 0
          PASSWORD_FILTER  | 50        | 50   | 0
          COMPARE          | 50        | 0    | 0
          COMPARE_PASSWORD | 50        | 50   | 0
          COMPARE_POLICY   | 50        | 50   | 0
          ADD              | 50        | 50   | 0
          MODIFY           | 50        | 50   | 0
          RENAME           | 50        | 50   | 0
          DELETE           | 50        | 50   | 0
          WRITE_SCHEMA     | 50        | 50   | 53
          WHO_AM_I         | 50        | 0    | 0
          START_TLS        | 2         | 2    | 2
          TRANSACTION      | 50        | 2    | 2
          PASSWORD_MODIFY  | 50        | 2    | 2
          OWN_PASSWORD     | 50        | 50   | -
          """,
      useHeadersInDisplayName = true)
  void answers(Try request, String anonymous, String user, String administrator) throws Exception {
    try (var connection = TestDirectory.connect(directory)) {
      assertThat(code(connection, request.request)).as("anonymous").isEqualTo(anonymous);
    }
    try (var connection = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD)) {
      assertThat(code(connection, request.request)).as("user").isEqualTo(user);
    }
    if (administrator.equals("-")) return;
    try (var connection = TestDirectory.connect(directory, OPERATOR, OPERATOR_PASSWORD)) {
      assertThat(code(connection, request.request)).as("administrator").isEqualTo(administrator);
    }
  }

  @Test
  void the_built_in_administrator_reads_what_users_do_not_see() throws Exception {
    try (var admin = TestDirectory.connectAsAdmin(directory, state)) {
      assertThat(admin.search(POLICIES, SearchScope.SUB, "(objectClass=*)").getEntryCount())
          .isEqualTo(2);
      assertThat(there(admin.getEntry(ALICE, "userPassword")).getAttributeValue("userPassword"))
          .startsWith("{PBKDF2-SHA512}");
      var whoAmI = new WhoAmIExtendedRequest();
      assertThat(
              ((WhoAmIExtendedResult) admin.processExtendedOperation(whoAmI)).getAuthorizationID())
          .isEqualToIgnoringCase("dn:" + ADMIN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "+", "userPassword", "2.5.4.35", "userPassword;x-any", "@person"})
  void a_user_never_gets_a_password_or_a_policy(String attribute) throws Exception {
    try (var alice = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD)) {
      var found = alice.search("", SearchScope.SUB, "(objectClass=*)", attribute, "entryUUID");
      var entries = there(found.getSearchEntries());
      assertThat(entries).extracting(Entry::getDN).contains(ALICE, OPERATOR, BASE);
      for (var entry : entries) {
        assertThat(entry.getDN()).doesNotContainIgnoringCase("CN=Reeve");
        assertThat(entry.hasAttribute("userPassword")).as(entry.getDN()).isFalse();
        assertThat(entry.hasAttribute("entryUUID")).as(entry.getDN()).isTrue();
      }
    }
  }

  @Test
  void a_page_does_not_count_hidden_entries() throws Exception {
    try (var alice = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD)) {
      var names = new ArrayList<String>();
      var totals = new HashSet<Integer>();
      var control = new SimplePagedResultsControl(2, true);
      while (true) {
        var request = new SearchRequest(BASE, SearchScope.SUB, "(objectClass=*)", "1.1");
        request.setControls(control);
        var page = alice.search(request);
        assertThat(page.getEntryCount()).isLessThanOrEqualTo(2);
        there(page.getSearchEntries()).forEach(e -> names.add(e.getDN()));
        var next = there(SimplePagedResultsControl.get(page));
        totals.add(next.getSize());
        if (!next.moreResultsToReturn()) break;
        control = new SimplePagedResultsControl(2, next.getCookie(), true);
      }
      assertThat(names).hasSizeGreaterThanOrEqualTo(6).doesNotHaveDuplicates();
      assertThat(totals).containsExactly(names.size());

      var hidden = new SearchRequest(BASE, SearchScope.SUB, "(description=hidden)", "1.1");
      hidden.setControls(new SimplePagedResultsControl(1, true));
      assertThat(there(SimplePagedResultsControl.get(alice.search(hidden))).getSize()).isZero();
    }
  }

  @Test
  void a_size_limit_cuts_and_says_so() throws Exception {
    try (var alice = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD)) {
      var request = new SearchRequest(BASE, SearchScope.SUB, "(objectClass=*)");
      request.setSizeLimit(3);
      assertThatThrownBy(() -> alice.search(request))
          .isInstanceOfSatisfying(
              LDAPSearchException.class,
              e -> {
                assertThat(e.getResultCode()).isEqualTo(ResultCode.SIZE_LIMIT_EXCEEDED);
                assertThat(e.getEntryCount()).isEqualTo(3);
              });
    }
  }

  @Test
  void controls_that_would_lend_rights_are_refused_to_everyone() throws Exception {
    var lent =
        List.<Control>of(
            new ProxiedAuthorizationV1RequestControl(OPERATOR),
            new ProxiedAuthorizationV2RequestControl("dn:" + OPERATOR),
            new Control(
                "2.16.840.1.113730.3.4.18",
                false,
                new ProxiedAuthorizationV2RequestControl("dn:" + OPERATOR).getValue()),
            new IgnoreNoUserModificationRequestControl(true),
            new Control("1.3.6.1.4.1.30221.2.5.18", true));
    try (var alice = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD);
        var operator = TestDirectory.connect(directory, OPERATOR, OPERATOR_PASSWORD)) {
      for (var control : lent) {
        var search = new SearchRequest(BASE, SearchScope.BASE, "(objectClass=*)");
        search.setControls(control);
        assertThat(code(alice, c -> c.search(search))).as(control.getOID()).isEqualTo("12");
        var modify =
            new ModifyRequest(ALICE, new Modification(ModificationType.REPLACE, "sn", "x"));
        modify.setControls(control);
        assertThat(code(alice, c -> c.modify(modify))).as(control.getOID()).isEqualTo("50");
        assertThat(code(operator, c -> c.modify(modify))).as(control.getOID()).isEqualTo("12");
      }
    }
  }

  @Test
  void nobody_sets_an_entry_uuid() throws Exception {
    var forged =
        TestDirectory.entry("CN=forged," + BASE, "entryUUID: 00000000-0000-0000-0000-000000000000");
    try (var operator = TestDirectory.connect(directory, OPERATOR, OPERATOR_PASSWORD)) {
      assertThat(code(operator, c -> c.add(forged))).isEqualTo("19");
      var request = new AddRequest(forged);
      request.setControls(
          new Control(
              IgnoreNoUserModificationRequestControl.IGNORE_NO_USER_MODIFICATION_REQUEST_OID,
              false));
      assertThat(code(operator, c -> c.add(request))).isEqualTo("19");
    }
  }

  @Test
  void an_assertion_holds_or_stops_the_write() throws Exception {
    try (var operator = TestDirectory.connect(directory, OPERATOR, OPERATOR_PASSWORD);
        var alice = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD)) {
      var request =
          new ModifyRequest(
              OPERATOR, new Modification(ModificationType.REPLACE, "description", "x"));
      request.setControls(new AssertionRequestControl("(sn=Someone else)"));
      assertThat(code(operator, c -> c.modify(request))).isEqualTo("122");

      var search = new SearchRequest(OPERATOR, SearchScope.BASE, "(objectClass=*)");
      search.setControls(new AssertionRequestControl("(userPassword={PBKDF2*)"));
      assertThat(code(alice, c -> c.search(search))).isEqualTo("50");
    }
  }

  @Test
  void an_entry_does_not_move_below_itself() throws Exception {
    directory.apply(TestDirectory.container("CN=outer," + BASE));
    directory.apply(TestDirectory.container("CN=inner,CN=outer," + BASE));
    try (var operator = TestDirectory.connect(directory, OPERATOR, OPERATOR_PASSWORD)) {
      assertThat(
              code(
                  operator,
                  c ->
                      c.modifyDN(
                          "CN=outer," + BASE, "CN=outer", true, "CN=inner,CN=outer," + BASE)))
          .isEqualTo("53");
      assertThat(code(operator, c -> c.modifyDN("CN=outer," + BASE, "CN=admin", true)))
          .as("the built-in administrator's name")
          .isEqualTo("50");
      var delete = new DeleteRequest("CN=outer," + BASE);
      delete.setControls(new SubtreeDeleteRequestControl(true));
      assertThat(code(operator, c -> c.delete(delete))).isEqualTo("0");
    }
  }

  @Test
  void a_request_that_is_too_long_ends_the_connection_only() throws Exception {
    var limited = TestDirectory.config(state.resolve("limited")).withLimits(64 << 10, 1 << 20);
    try (var small = EmbeddedDirectory.open(limited)) {
      try (var admin = TestDirectory.connectAsAdmin(small, state.resolve("limited"))) {
        assertThatThrownBy(() ->
                admin.modify(
                    ALICE,
                    new Modification(
                        ModificationType.REPLACE, "description", "x".repeat(70 << 10))))
            .isInstanceOf(LDAPException.class);
      }
      try (var admin = TestDirectory.connectAsAdmin(small, state.resolve("limited"))) {
        assertThat(there(admin.getEntry(ALICE)).hasAttribute("description")).isFalse();
      }
    }
  }

  private static <T> T there(@Nullable T found) {
    assertThat(found).isNotNull();
    return Objects.requireNonNull(found);
  }

  private static String code(LDAPConnection connection, Request request) {
    try {
      request.send(connection);
      return "0";
    } catch (LDAPException e) {
      return Integer.toString(e.getResultCode().intValue());
    }
  }
}
