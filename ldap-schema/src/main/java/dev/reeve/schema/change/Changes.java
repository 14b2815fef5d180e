package dev.reeve.schema.change;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import com.unboundid.ldif.LDIFModifyDNChangeRecord;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifChange;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Makes LDIF changes to entries, in order, each refused as a directory would refuse it.
///
/// One leniency: the container above an entry may be missing, as it often is from an export; an OU
/// may not. When an entry of Active Directory moves (one with an objectGUID), references to it
/// follow, as they do there; elsewhere they stay as written.
public final class Changes {

  private static final String TREE_DELETE = "1.2.840.113556.1.4.805";

  /// @param entries after all changes
  /// @param moved the name an entry had before → the name it has now
  public record Changed(List<LdapEntry> entries, Map<Dn, Dn> moved) {
    public Changed {
      entries = List.copyOf(entries);
      moved = Map.copyOf(moved);
    }
  }

  private final Map<Dn, LdapEntry> entries = new LinkedHashMap<>();
  private final Map<Dn, Dn> moved = new HashMap<>();

  private Changes(Collection<LdapEntry> entries) {
    entries.forEach(entry -> this.entries.putIfAbsent(entry.dn(), entry));
  }

  /// @throws ChangeException at the first change that cannot be made; nothing is changed then
  public static Changed apply(Collection<LdapEntry> entries, List<LdifChange> changes)
      throws ChangeException {
    var after = new Changes(entries);
    for (LdifChange change : changes) after.apply(change);
    return new Changed(List.copyOf(after.entries.values()), after.moved);
  }

  private void apply(LdifChange change) throws ChangeException {
    Dn dn = name(change.line(), change.record().getDN());
    for (Control control : change.record().getControls()) {
      if (control.isCritical() && !control.getOID().equals(TREE_DELETE))
        throw new ChangeException(
            change.lineOf("control"), dn, "", "control " + control.getOID() + " is not known here");
    }
    switch (change.record()) {
      case LDIFAddChangeRecord add -> add(change, dn, add);
      case LDIFDeleteChangeRecord delete -> delete(change, dn, delete);
      case LDIFModifyChangeRecord modify -> modify(change, dn, modify);
      case LDIFModifyDNChangeRecord move -> move(change, dn, move);
      default ->
          throw new ChangeException(
              change.line(), dn, "", "changetype " + change.record().getChangeType().getName());
    }
  }

  private void add(LdifChange change, Dn dn, LDIFAddChangeRecord add) throws ChangeException {
    if (entries.containsKey(dn))
      throw new ChangeException(change.line(), dn, "", "there is such an entry already");
    requireContainer(change.line(), dn);
    LdapEntry added = LdapEntry.of(dn, List.of(add.getAttributes()));
    if (added.isBare())
      throw new ChangeException(change.line(), dn, "objectClass", "is missing from the new entry");
    for (String attribute : added.attributeNames()) {
      if (added.bytes(attribute).size() > 1 && Syntaxes.takesOneValue(attribute))
        throw new ChangeException(change.lineOf(attribute), dn, attribute, "takes one value only");
    }
    entries.put(dn, added);
  }

  private void delete(LdifChange change, Dn dn, LDIFDeleteChangeRecord delete)
      throws ChangeException {
    require(change.line(), dn);
    boolean tree =
        delete.getControls().stream().anyMatch(control -> control.getOID().equals(TREE_DELETE));
    if (!tree) {
      Optional<Dn> child =
          entries.keySet().stream()
              .filter(other -> !other.equals(dn) && other.isUnder(dn))
              .findFirst();
      if (child.isPresent())
        throw new ChangeException(
            change.line(),
            dn,
            "",
            "has entries below it, "
                + child.get()
                + " for one; delete them first, or add 'control: "
                + TREE_DELETE
                + "'");
    }
    entries.keySet().removeIf(other -> other.isUnder(dn));
  }

  private void modify(LdifChange change, Dn dn, LDIFModifyChangeRecord modify)
      throws ChangeException {
    var values = new EntryValues(require(change.line(), dn));
    Modification[] modifications = modify.getModifications();
    for (int i = 0; i < modifications.length; i++) {
      try {
        values.apply(modifications[i]);
      } catch (EntryValues.RefusedException e) {
        throw new ChangeException(
            change.lineOf(i, e.value()),
            dn,
            modifications[i].getAttributeName(),
            String.valueOf(e.getMessage()));
      }
    }
    LdapEntry modified = values.toEntry(dn);
    if (modified.isBare())
      throw new ChangeException(change.line(), dn, "objectClass", "would be empty");
    entries.put(dn, modified);
  }

  private void move(LdifChange change, Dn from, LDIFModifyDNChangeRecord move)
      throws ChangeException {
    LdapEntry entry = require(change.line(), from);
    String superior =
        Optional.ofNullable(move.getNewSuperiorDN())
            .or(() -> from.parent().map(Dn::toString))
            .map(parent -> "," + parent)
            .orElse("");
    Dn to = name(change.lineOf("newrdn"), move.getNewRDN() + superior);
    if (!to.equals(from) && entries.containsKey(to))
      throw new ChangeException(
          change.lineOf("newrdn"), from, "", "there is an entry " + to + " already");
    if (!to.equals(from) && to.isUnder(from))
      throw new ChangeException(change.lineOf("newsuperior"), from, "", "cannot move below itself");
    int superiorLine = change.lineOf("newsuperior");
    requireContainer(superiorLine, to);
    if (move.getNewSuperiorDN() != null && !superior.isEmpty())
      requireNamed(superiorLine, from, to.parent());
    entries.put(from, renamed(change, entry, move));
    moveTree(from, to);
    if (entry.has(LdapAttribute.OBJECT_GUID)) follow(from, to);
  }

  /// A superior that somebody names is there, whatever it is; only what an export leaves out is
  /// forgiven.
  private void requireNamed(int line, Dn from, Optional<Dn> superior) throws ChangeException {
    if (superior.isPresent()
        && entries.keySet().stream().noneMatch(dn -> dn.isUnder(superior.get())))
      throw new ChangeException(line, from, "newsuperior", "no entry " + superior.get());
  }

  /// The values of its name, old and new.
  private static LdapEntry renamed(
      LdifChange change, LdapEntry entry, LDIFModifyDNChangeRecord move) throws ChangeException {
    var values = new EntryValues(entry);
    try {
      if (move.deleteOldRDN()) {
        RDN old = Objects.requireNonNull(new DN(entry.dn().toString()).getRDN());
        for (int i = 0; i < old.getValueCount(); i++)
          values.removeIfPresent(old.getAttributeNames()[i], old.getByteArrayAttributeValues()[i]);
      }
      RDN fresh = move.getParsedNewRDN();
      for (int i = 0; i < fresh.getValueCount(); i++)
        values.addIfAbsent(fresh.getAttributeNames()[i], fresh.getByteArrayAttributeValues()[i]);
    } catch (LDAPException e) {
      throw new ChangeException(
          change.lineOf("newrdn"), entry.dn(), "", String.valueOf(e.getMessage()));
    }
    return values.toEntry(entry.dn());
  }

  private void moveTree(Dn from, Dn to) {
    var was = new HashMap<Dn, Dn>(); // now → before
    moved.forEach((before, now) -> was.put(now, before));
    var under = entries.keySet().stream().filter(dn -> dn.isUnder(from)).toList();
    for (Dn dn : under) {
      LdapEntry entry = entries.remove(dn);
      if (entry == null) continue;
      Dn now = dn.moved(from, to);
      entries.put(now, entry.withDn(now));
      moved.put(was.getOrDefault(dn, dn), now);
    }
  }

  private void follow(Dn from, Dn to) {
    entries.replaceAll((dn, entry) -> {
      var values = new EntryValues(entry);
      return values.rename(name -> name.isUnder(from) ? name.moved(from, to) : name)
          ? values.toEntry(dn)
          : entry;
    });
  }

  private LdapEntry require(int line, Dn dn) throws ChangeException {
    LdapEntry entry = entries.get(dn);
    if (entry != null) return entry;
    String hint =
        entries.keySet().stream()
            .filter(other -> other.attribute().equals(dn.attribute()))
            .filter(other -> other.name().equalsIgnoreCase(dn.name()))
            .findFirst()
            .map(other -> "; there is " + other)
            .orElse("");
    throw new ChangeException(line, dn, "", "no such entry" + hint);
  }

  private void requireContainer(int line, Dn dn) throws ChangeException {
    Optional<Dn> parent = dn.parent();
    if (parent.isPresent() && parent.get().isNamedBy("ou")) require(line, parent.get());
  }

  private static Dn name(int line, String text) throws ChangeException {
    try {
      return Dn.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ChangeException(line, text, "", String.valueOf(e.getMessage()));
    }
  }
}
