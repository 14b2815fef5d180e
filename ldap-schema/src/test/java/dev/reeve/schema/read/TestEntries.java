package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// Directories for tests, out of LDIF.
final class TestEntries {

  static final SecretSealer SEALER = _ -> SealedSecret.ofBytes(new byte[] {42});

  private TestEntries() {}

  static List<LdapEntry> ldif(String text) {
    var contents = LdifFile.parse(text.getBytes(StandardCharsets.UTF_8));
    if (!contents.problems().isEmpty()) throw new AssertionError(contents.problems().toString());
    return contents.entries();
  }

  static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(TestEntries.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same entries, one of them changed.
  static List<LdapEntry> changed(
      List<LdapEntry> entries, Dn dn, UnaryOperator<com.unboundid.ldap.sdk.Entry> change) {
    var result = new ArrayList<LdapEntry>();
    for (LdapEntry entry : entries) {
      if (!entry.dn().equals(dn)) result.add(entry);
      else result.add(LdapEntry.of(change.apply(entry.toEntry())));
    }
    return result;
  }

  static List<LdapEntry> without(List<LdapEntry> entries, Dn dn) {
    return entries.stream().filter(e -> !e.dn().equals(dn)).toList();
  }
}
