package dev.reeve.schema.change;

import com.unboundid.ldap.matchingrules.MatchingRule;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.schema.AttributeTypeDefinition;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How attributes compare and how many values they take, by the schema we ship and the standard
/// one.
final class Syntaxes {

  private static final String DN_SYNTAX = "1.3.6.1.4.1.1466.115.121.1.12";
  private static final Schema SCHEMA = load();

  private Syntaxes() {}

  private static Schema load() {
    try (InputStream in =
        Objects.requireNonNull(Syntaxes.class.getResourceAsStream("/schema/reeve-embedded.ldif"))) {
      @Nullable Schema ours = Schema.getSchema(in);
      return Objects.requireNonNull(
          Schema.mergeSchemas(Schema.getDefaultStandardSchema(), Objects.requireNonNull(ours)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LDAPException | LDIFException e) {
      throw new IllegalStateException("the schema we ship cannot be read", e);
    }
  }

  static boolean takesOneValue(String attribute) {
    return find(attribute).filter(AttributeTypeDefinition::isSingleValued).isPresent();
  }

  static boolean holdsNames(String attribute) {
    return find(attribute).filter(t -> DN_SYNTAX.equals(t.getSyntaxOID(SCHEMA))).isPresent();
  }

  /// Where the value is among others, as the attribute compares; -1 = nowhere.
  static int find(String attribute, List<byte[]> among, byte[] value) {
    MatchingRule rule =
        MatchingRule.selectEqualityMatchingRule(Attribute.getBaseName(attribute), SCHEMA);
    for (int i = 0; i < among.size(); i++)
      if (Arrays.equals(among.get(i), value) || matches(rule, among.get(i), value)) return i;
    return -1;
  }

  private static boolean matches(MatchingRule rule, byte[] one, byte[] other) {
    try {
      return rule.valuesMatch(
          new com.unboundid.asn1.ASN1OctetString(one),
          new com.unboundid.asn1.ASN1OctetString(other));
    } catch (LDAPException _) {
      return false; // one of them is no value of this syntax, and they are not the same bytes
    }
  }

  private static Optional<AttributeTypeDefinition> find(String attribute) {
    return Optional.ofNullable(SCHEMA.getAttributeType(Attribute.getBaseName(attribute)));
  }
}
