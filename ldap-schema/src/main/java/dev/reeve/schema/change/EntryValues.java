package dev.reeve.schema.change;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The attributes of one entry while it is being modified.
final class EntryValues {

  /// What a directory would refuse.
  static final class RefusedException extends Exception {
    private final int value;

    RefusedException(String reason) {
      this(-1, reason);
    }

    RefusedException(int value, String reason) {
      super(reason);
      this.value = value;
    }

    /// The value at fault, from 0; empty = the attribute as a whole.
    Optional<Integer> value() {
      return value < 0 ? Optional.empty() : Optional.of(value);
    }
  }

  private final Map<String, List<byte[]>> values = new LinkedHashMap<>();

  EntryValues(LdapEntry entry) {
    for (String name : entry.attributeNames()) values.put(name, new ArrayList<>(entry.bytes(name)));
  }

  LdapEntry toEntry(Dn dn) {
    var attributes = new ArrayList<Attribute>();
    values.forEach((name, of) -> attributes.add(new Attribute(name, of.toArray(byte[][]::new))));
    return LdapEntry.of(dn, attributes);
  }

  void apply(Modification modification) throws RefusedException {
    String name = modification.getAttributeName().toLowerCase(Locale.ROOT);
    ASN1OctetString[] given = modification.getRawValues();
    ModificationType type = modification.getModificationType();
    if (type == ModificationType.ADD) add(name, given);
    else if (type == ModificationType.DELETE) delete(name, given);
    else if (type == ModificationType.REPLACE) {
      values.remove(name);
      if (given.length > 0) add(name, given);
    } else if (type == ModificationType.INCREMENT) increment(name, given);
    else throw new RefusedException("operation " + type + " is not known here");
  }

  private void add(String name, ASN1OctetString[] given) throws RefusedException {
    if (given.length == 0) throw new RefusedException("adds no value");
    List<byte[]> present = values.computeIfAbsent(name, _ -> new ArrayList<>());
    for (int i = 0; i < given.length; i++) {
      if (Syntaxes.find(name, present, given[i].getValue()) >= 0)
        throw new RefusedException(i, "has the value '" + shown(given[i]) + "' already");
      if (!present.isEmpty() && Syntaxes.takesOneValue(name))
        throw new RefusedException(i, "takes one value and has one; use replace");
      present.add(given[i].getValue());
    }
  }

  private void delete(String name, ASN1OctetString[] given) throws RefusedException {
    List<byte[]> present = values.getOrDefault(name, List.of());
    if (present.isEmpty()) throw new RefusedException("the entry has no such attribute");
    if (given.length == 0) {
      values.remove(name);
      return;
    }
    for (int i = 0; i < given.length; i++) {
      int at = Syntaxes.find(name, present, given[i].getValue());
      if (at < 0) throw new RefusedException(i, "has no value '" + shown(given[i]) + "'");
      present.remove(at);
    }
    if (present.isEmpty()) values.remove(name);
  }

  private void increment(String name, ASN1OctetString[] given) throws RefusedException {
    List<byte[]> present = values.getOrDefault(name, List.of());
    if (given.length != 1) throw new RefusedException("increment takes one number");
    if (present.isEmpty()) throw new RefusedException("the entry has no such attribute");
    BigInteger by = number(given[0].getValue(), 0);
    for (int i = 0; i < present.size(); i++) {
      BigInteger sum = number(present.get(i), -1).add(by);
      present.set(i, sum.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static BigInteger number(byte[] value, int at) throws RefusedException {
    String text = new String(value, StandardCharsets.UTF_8);
    if (!text.matches("-?[0-9]{1,40}"))
      throw new RefusedException(at, "'" + shown(text) + "' is no number");
    return new BigInteger(text);
  }

  void addIfAbsent(String attribute, byte[] value) {
    List<byte[]> present =
        values.computeIfAbsent(attribute.toLowerCase(Locale.ROOT), _ -> new ArrayList<>());
    if (Syntaxes.find(attribute, present, value) < 0) present.add(value);
  }

  void removeIfPresent(String attribute, byte[] value) {
    String name = attribute.toLowerCase(Locale.ROOT);
    List<byte[]> present = values.getOrDefault(name, List.of());
    int at = Syntaxes.find(attribute, present, value);
    if (at >= 0) present.remove(at);
    if (present.isEmpty()) values.remove(name);
  }

  /// Gives the entries that attributes refer to other names.
  ///
  /// @return whether one was another
  boolean rename(UnaryOperator<Dn> to) {
    boolean any = false;
    for (var attribute : values.entrySet()) {
      if (!Syntaxes.holdsNames(attribute.getKey())) continue;
      List<byte[]> of = attribute.getValue();
      for (int i = 0; i < of.size(); i++) {
        Optional<Dn> was = Dn.find(new String(of.get(i), StandardCharsets.UTF_8));
        if (was.isEmpty()) continue;
        Dn now = to.apply(was.get());
        if (now.equals(was.get())) continue;
        of.set(i, now.toString().getBytes(StandardCharsets.UTF_8));
        any = true;
      }
    }
    return any;
  }

  private static String shown(ASN1OctetString value) {
    return shown(new String(value.getValue(), StandardCharsets.UTF_8));
  }

  private static String shown(String text) {
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }
}
