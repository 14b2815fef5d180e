package dev.reeve.schema.read;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One entry of a directory: a name and its attributes, values as bytes. Immutable, as long as
/// nobody writes into the arrays.
///
/// `toString` shows no values: some are secrets.
public final class LdapEntry {

  /// One object for each name: there may be a million entries.
  private static final Map<String, String> NAMES =
      Arrays.stream(LdapAttribute.values())
          .map(attribute -> attribute.ldapName().toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

  private final Dn dn;
  private final Map<String, List<byte[]>> values; // keys in lower case
  private final String stamp;

  private LdapEntry(Dn dn, Map<String, List<byte[]>> values, String stamp) {
    this.dn = dn;
    this.values = values;
    this.stamp = stamp;
  }

  /// @throws IllegalArgumentException when the entry's name is no DN
  public static LdapEntry of(Entry entry) {
    return of(Dn.parse(entry.getDN()), entry.getAttributes());
  }

  public static LdapEntry of(Dn dn, Collection<Attribute> attributes) {
    var values = new LinkedHashMap<String, List<byte[]>>();
    for (Attribute attribute : attributes) {
      String name = attribute.getName().toLowerCase(Locale.ROOT);
      values.put(NAMES.getOrDefault(name, name), List.of(attribute.getValueByteArrays()));
    }
    return new LdapEntry(dn, values, "");
  }

  public static Builder named(Dn dn) {
    return new Builder(dn);
  }

  /// The same content under another name.
  public LdapEntry withDn(Dn other) {
    return new LdapEntry(other, values, stamp);
  }

  /// The same content, of the state that the directory calls by that stamp.
  public LdapEntry withStamp(String other) {
    return new LdapEntry(dn, values, other);
  }

  /// What the directory had called the entry's state when it was read; another state has another.
  /// Empty = not known. No part of the content.
  public String stamp() {
    return stamp;
  }

  public Dn dn() {
    return dn;
  }

  public boolean has(LdapAttribute attribute) {
    return !bytes(attribute).isEmpty();
  }

  public boolean hasAny(LdapAttribute... attributes) {
    for (LdapAttribute attribute : attributes) if (has(attribute)) return true;
    return false;
  }

  public List<byte[]> bytes(LdapAttribute attribute) {
    return bytes(attribute.ldapName());
  }

  /// @param attribute its name in any case, with its options if it has some
  public List<byte[]> bytes(String attribute) {
    return values.getOrDefault(attribute.toLowerCase(Locale.ROOT), List.of());
  }

  /// The first value, for attributes that have one.
  public Optional<byte[]> firstBytes(LdapAttribute attribute) {
    return bytes(attribute).stream().findFirst();
  }

  public List<String> texts(LdapAttribute attribute) {
    return bytes(attribute).stream().map(v -> new String(v, StandardCharsets.UTF_8)).toList();
  }

  /// The first value, for attributes that have one.
  public Optional<String> text(LdapAttribute attribute) {
    return firstBytes(attribute).map(v -> new String(v, StandardCharsets.UTF_8));
  }

  public boolean isA(LdapClass objectClass) {
    for (byte[] value : bytes(LdapAttribute.OBJECT_CLASS)) {
      if (isName(value, objectClass.ldapName())) return true;
    }
    return false;
  }

  private static boolean isName(byte[] value, String name) {
    if (value.length != name.length()) return false;
    for (int i = 0; i < value.length; i++)
      if (Character.toLowerCase(value[i]) != Character.toLowerCase(name.charAt(i))) return false;
    return true;
  }

  /// Whether the other entry has the same name, written the same, and the same values.
  public boolean sameAs(LdapEntry other) {
    if (!dn.toString().equals(other.dn.toString())
        || !values.keySet().equals(other.values.keySet())) return false;
    for (var entry : values.entrySet()) {
      List<byte[]> others = other.values.getOrDefault(entry.getKey(), List.of());
      if (entry.getValue().size() != others.size()) return false;
      for (int i = 0; i < others.size(); i++)
        if (!Arrays.equals(entry.getValue().get(i), others.get(i))) return false;
    }
    return true;
  }

  /// Whether we see the entry but not what kind it is: its name is all we may read.
  public boolean isBare() {
    return !has(LdapAttribute.OBJECT_CLASS);
  }

  /// In lower case, with their options.
  public Set<String> attributeNames() {
    return values.keySet();
  }

  /// For the LDAP library.
  public Entry toEntry() {
    var attributes = new ArrayList<Attribute>();
    values.forEach(
        (name, of) -> attributes.add(new Attribute(properName(name), of.toArray(byte[][]::new))));
    return new Entry(dn.toString(), attributes);
  }

  private static String properName(String name) {
    for (LdapAttribute known : LdapAttribute.values())
      if (known.ldapName().equalsIgnoreCase(name)) return known.ldapName();
    return name;
  }

  @Override
  public String toString() {
    return dn + " " + values.keySet();
  }

  /// Collects values; each call adds one.
  public static final class Builder {
    private final Dn dn;
    private final Map<String, List<byte[]>> values = new LinkedHashMap<>();

    private Builder(Dn dn) {
      this.dn = dn;
    }

    public Builder add(LdapAttribute attribute, byte[] value) {
      values
          .computeIfAbsent(
              attribute.ldapName().toLowerCase(Locale.ROOT), _ -> new ArrayList<byte[]>())
          .add(value);
      return this;
    }

    public Builder add(LdapAttribute attribute, String value) {
      return add(attribute, value.getBytes(StandardCharsets.UTF_8));
    }

    public Builder addClasses(LdapClass... classes) {
      for (LdapClass c : classes) add(LdapAttribute.OBJECT_CLASS, c.ldapName());
      return this;
    }

    public LdapEntry build() {
      var copy = new LinkedHashMap<String, List<byte[]>>();
      values.forEach((name, of) -> copy.put(name, List.copyOf(of)));
      return new LdapEntry(dn, copy, "");
    }
  }
}
