package dev.reeve.server.directory.embedded;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ReadOnlyEntry;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A small domain and ways into it.
final class TestDirectory {
  private TestDirectory() {}

  static final String BASE = "DC=corp,DC=example";
  static final String ADMIN = "cn=admin," + BASE;
  static final String ALICE = "uid=alice,CN=Users," + BASE;
  static final String OPERATOR = "uid=operator,CN=Users," + BASE;
  static final String POLICIES = "CN=Reeve,CN=System," + BASE;
  static final String ALICE_PASSWORD = "the first test password";
  static final String OPERATOR_PASSWORD = "the second test password";

  static EmbeddedDirectoryConfig config(Path state) {
    return emptyConfig(state)
        .withInitialContent(TestDirectory::content)
        .withAdministrators(Set.of(OPERATOR));
  }

  static EmbeddedDirectoryConfig emptyConfig(Path state) {
    return EmbeddedDirectoryConfig.of(state, BASE, TestDirectory::schema);
  }

  static InputStream schema() {
    var schema = TestDirectory.class.getResourceAsStream("test-schema.ldif");
    if (schema == null) throw new IllegalStateException("test-schema.ldif is missing");
    return schema;
  }

  /// Children before parents, to show that the order does not matter.
  static InputStream content() {
    var ldif =
        """
        dn: %s
        objectClass: inetOrgPerson
        objectClass: testAccount
        uid: alice
        sAMAccountName: CORP-alice
        cn: Alice
        sn: Example
        userPassword: %s

        dn: %s
        objectClass: inetOrgPerson
        uid: operator
        cn: Operator
        sn: Example
        userPassword: %s

        dn: CN=Secret,%s
        objectClass: testContainer
        description: hidden

        dn: %s
        objectClass: testContainer

        dn: CN=System,DC=corp,DC=example
        objectClass: testContainer

        dn: CN=Users,DC=corp,DC=example
        objectClass: testContainer

        dn: DC=corp,DC=example
        objectClass: domain
        dc: corp
        """
            .formatted(
                ALICE,
                weakHash(ALICE_PASSWORD),
                OPERATOR,
                weakHash(OPERATOR_PASSWORD),
                POLICIES,
                POLICIES);
    return new ByteArrayInputStream(ldif.getBytes(StandardCharsets.UTF_8));
  }

  /// One iteration: the tests bind often.
  static String weakHash(String password) {
    try {
      return new Pbkdf2PasswordEncoder(new SecureRandom(), 1)
          .encodePassword(
              new ASN1OctetString(password), new ReadOnlyEntry(new Entry("cn=any")), List.of())
          .stringValue();
    } catch (LDAPException e) {
      throw new IllegalStateException(e);
    }
  }

  static String adminPassword(Path state) {
    try {
      return Files.readString(state.resolve(AdminPassword.FILE)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LDAPConnection connect(EmbeddedDirectory directory) throws LDAPException {
    return new LDAPConnection(
        directory.address().getAddress().getHostAddress(), directory.address().getPort());
  }

  static LDAPConnection connect(EmbeddedDirectory directory, String dn, String password)
      throws LDAPException {
    var connection = connect(directory);
    connection.bind(dn, password);
    return connection;
  }

  static LDAPConnection connectAsAdmin(EmbeddedDirectory directory, Path state)
      throws LDAPException {
    return connect(directory, ADMIN, adminPassword(state));
  }

  static LDIFAddChangeRecord container(String dn, String... more) {
    return new LDIFAddChangeRecord(entry(dn, more));
  }

  static Entry entry(String dn, String... more) {
    try {
      var lines = new ArrayList<>(List.of("dn: " + dn, "objectClass: testContainer"));
      lines.addAll(List.of(more));
      return LDIFReader.decodeEntry(lines.toArray(String[]::new));
    } catch (LDIFException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// The whole state as text, for comparison and for reading when it differs. Values have no order.
  static List<String> text(EmbeddedDirectory directory) {
    return directory.readAll().stream().map(TestDirectory::text).toList();
  }

  static String text(Entry entry) {
    var lines = new TreeSet<>(List.of(entry.toLDIF(0)).subList(1, entry.toLDIF(0).length));
    return entry.getDN() + "\n" + String.join("\n", lines);
  }
}
