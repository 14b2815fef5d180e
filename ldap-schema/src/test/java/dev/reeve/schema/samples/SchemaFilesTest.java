package dev.reeve.schema.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFReader;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaFilesTest {

  /// Only a server itself, or Active Directory, has these.
  private static final Set<LdapAttribute> NOT_OURS_TO_DEFINE =
      EnumSet.of(
          LdapAttribute.NT_SECURITY_DESCRIPTOR,
          LdapAttribute.OBJECT_CATEGORY,
          LdapAttribute.OBJECT_GUID,
          LdapAttribute.ENTRY_UUID);

  @Test
  void the_names_that_the_code_uses_are_in_the_schema_with_their_oids() throws Exception {
    Schema schema = embedded();
    for (LdapAttribute attribute : LdapAttribute.values()) {
      if (NOT_OURS_TO_DEFINE.contains(attribute)) continue;
      var found = Objects.requireNonNull(schema.getAttributeType(attribute.ldapName()));
      assertThat(found.getOID()).as(attribute.ldapName()).isEqualTo(attribute.oid());
      assertThat(found.getNameOrOID()).isEqualTo(attribute.ldapName());
    }
    for (LdapClass objectClass : LdapClass.values()) {
      var found = Objects.requireNonNull(schema.getObjectClass(objectClass.ldapName()));
      assertThat(found.getOID()).as(objectClass.ldapName()).isEqualTo(objectClass.oid());
    }
  }

  @Test
  void every_attribute_has_an_equality_rule() throws Exception {
    Schema ours = ours();
    assertThat(ours.getAttributeTypes())
        .allSatisfy(a -> assertThat(a.getEqualityMatchingRule()).as(a.getNameOrOID()).isNotNull());
  }

  @Test
  void the_embedded_directory_accepts_the_whole_sample_domain() throws Exception {
    var server = server();
    int loaded =
        server.importFromLDIF(
            true,
            new LDIFReader(new ByteArrayInputStream(CorpLdifTest.resource("/samples/corp.ldif"))));
    assertThat(loaded)
        .isEqualTo(
            server.search("DC=corp,DC=example", SearchScope.SUB, "(objectClass=*)").getEntryCount())
        .isGreaterThan(200);
    assertThat(
            server
                .search("DC=corp,DC=example", SearchScope.SUB, "(objectClass=ipsecPolicy)")
                .getEntryCount())
        .as("11 policies, 8 pointers and settings")
        .isEqualTo(11 + 9);
  }

  @Test
  void the_schema_is_enforced() throws Exception {
    var server = server();
    server.add("dn: DC=corp,DC=example", "objectClass: top", "objectClass: domainDNS", "dc: corp");
    assertThatThrownBy(() ->
            server.add(
                "dn: OU=Web,DC=corp,DC=example",
                "objectClass: organizationalUnit",
                "ou: Web",
                "gPLink: [LDAP://CN=A,DC=x;0]"))
        .isInstanceOf(LDAPException.class)
        .hasMessageContaining("gPLink");
    server.add(
        "dn: OU=Web,DC=corp,DC=example",
        "objectClass: organizationalUnit",
        "objectClass: reeveSom",
        "ou: Web",
        "gPLink: [LDAP://CN=A,DC=x;0]");
  }

  @Test
  void the_other_files_define_the_same_except_what_those_servers_have() {
    List<String> openldap =
        definitions("/schema/reeve-openldap.ldif").stream()
            .map(d -> d.replace("olcAttributeTypes", "attributeTypes"))
            .map(d -> d.replace("olcObjectClasses", "objectClasses"))
            .toList();
    List<String> embedded =
        definitions("/schema/reeve-embedded.ldif").stream()
            .filter(d -> !d.contains("NAME 'ipHost"))
            .toList();
    assertThat(openldap).isEqualTo(embedded).hasSizeGreaterThan(50);
    assertThat(definitions("/schema/reeve-389ds.ldif")).isEqualTo(embedded);
  }

  private static List<String> definitions(String resource) {
    String text = new String(CorpLdifTest.resource(resource), StandardCharsets.UTF_8);
    return Arrays.stream(text.replace("\n ", "").split("\n"))
        .filter(line -> line.contains("Types: ") || line.contains("Classes: "))
        .toList();
  }

  private static Schema ours() throws Exception {
    return Objects.requireNonNull(
        Schema.getSchema(
            new ByteArrayInputStream(CorpLdifTest.resource("/schema/reeve-embedded.ldif"))));
  }

  private static Schema embedded() throws Exception {
    return Objects.requireNonNull(Schema.mergeSchemas(Schema.getDefaultStandardSchema(), ours()));
  }

  private static InMemoryDirectoryServer server() throws Exception {
    var config = new InMemoryDirectoryServerConfig("DC=corp,DC=example");
    config.setSchema(embedded());
    return new InMemoryDirectoryServer(config);
  }
}
