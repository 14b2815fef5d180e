package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.schema.ipsec.ReeveIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a GPO assigns: the pointer objects below its `CN=Machine`, where ipsecOwnersReference means
/// "points to".
///
/// Our pointer wins over Microsoft's when it names a policy; one that only carries host settings
/// leaves Microsoft's in force. What cannot be read is never taken for "assigns nothing".
final class PointerReader {

  private static final String OURS = "CN=IPSEC,CN=Reeve,CN=Machine";
  private static final String PERSISTENT = "CN=PERSISTENT,CN=Reeve,CN=Machine";
  private static final String MICROSOFTS = "CN=IPSEC,CN=Windows,CN=Microsoft,CN=Machine";

  private final Function<Dn, Optional<LdapEntry>> entries;
  private final Problems problems;

  PointerReader(Function<Dn, Optional<LdapEntry>> entries, Problems problems) {
    this.entries = entries;
    this.problems = problems;
  }

  /// The GPOs that an entry of that name would be a pointer of: the names three and four levels up.
  static Stream<Dn> possibleGpos(Dn pointer) {
    String key = pointer.key();
    if (!key.startsWith("cn=ipsec,") && !key.startsWith("cn=persistent,")) return Stream.empty();
    Optional<Dn> third = pointer.parent().flatMap(Dn::parent).flatMap(Dn::parent);
    return Stream.of(third, third.flatMap(Dn::parent)).flatMap(Optional::stream);
  }

  record Assigned(PolicyPointer policy, PolicyPointer persistent, HostSettings settings) {}

  Assigned read(LdapEntry gpo) {
    Optional<LdapEntry> ours = find(gpo, OURS);
    PolicyPointer policy = ours.map(this::target).orElse(PolicyPointer.None.NONE);
    if (policy == PolicyPointer.None.NONE) policy = microsofts(gpo);
    HostSettings settings = HostSettings.DEFAULTS;
    if (ours.isPresent()) {
      try {
        settings = settings(ours.get());
      } catch (WrongAttribute e) { // the object is unreadable as a whole, never half-understood
        problems.add(ours.get(), e);
        policy =
            new PolicyPointer.Unreadable(ours.get().dn() + ": " + e.attribute() + " " + e.detail());
      }
    }
    PolicyPointer persistent =
        find(gpo, PERSISTENT).map(this::target).orElse(PolicyPointer.None.NONE);
    return new Assigned(policy, persistent, settings);
  }

  private Optional<LdapEntry> find(LdapEntry gpo, String where) {
    return entries.apply(gpo.dn().below(where));
  }

  private PolicyPointer microsofts(LdapEntry gpo) {
    Optional<LdapEntry> pointer = find(gpo, MICROSOFTS);
    if (pointer.isEmpty()) return PolicyPointer.None.NONE;
    String extensions = gpo.text(LdapAttribute.GPC_MACHINE_EXTENSION_NAMES).orElse("");
    if (ExtensionNames.lists(extensions, ExtensionNames.IPSEC)) return target(pointer.get());
    if (pointer.get().has(LdapAttribute.IPSEC_OWNERS_REFERENCE)) {
      problems.add(
          gpo,
          LdapAttribute.GPC_MACHINE_EXTENSION_NAMES,
          Code.EXTENSION_NOT_LISTED,
          "does not list "
              + ExtensionNames.IPSEC
              + " in order, so the IPsec policy that the GPO points to is not assigned");
    }
    return PolicyPointer.None.NONE;
  }

  private PolicyPointer target(LdapEntry pointer) {
    if (pointer.isBare()) {
      return unreadable(
          pointer, LdapAttribute.OBJECT_CLASS, "not readable, nor is any attribute but the name");
    }
    List<String> references = pointer.texts(LdapAttribute.IPSEC_OWNERS_REFERENCE);
    if (references.isEmpty()) return PolicyPointer.None.NONE;
    if (references.size() > 1) {
      return unreadable(
          pointer,
          LdapAttribute.IPSEC_OWNERS_REFERENCE,
          "has " + references.size() + " values, expected one");
    }
    Optional<Dn> target = Dn.find(references.getFirst());
    if (target.isPresent()) return new PolicyPointer.To(target.get());
    return unreadable(
        pointer,
        LdapAttribute.IPSEC_OWNERS_REFERENCE,
        "value '" + references.getFirst() + "' is no DN");
  }

  private PolicyPointer unreadable(LdapEntry pointer, LdapAttribute attribute, String detail) {
    problems.add(pointer, attribute, Code.POINTER_UNREADABLE, detail);
    return new PolicyPointer.Unreadable(pointer.dn() + ": " + attribute + " " + detail);
  }

  private static HostSettings settings(LdapEntry ours) {
    Optional<byte[]> data = ours.firstBytes(LdapAttribute.IPSEC_DATA);
    if (data.isEmpty()) return HostSettings.DEFAULTS;
    String type = ours.text(LdapAttribute.IPSEC_DATA_TYPE).map(String::strip).orElse("nothing");
    if (!type.equals(Integer.toString(ReeveIpsecData.DATA_TYPE))) {
      throw new WrongAttribute(
          LdapAttribute.IPSEC_DATA_TYPE,
          Code.SETTING_INVALID,
          "found " + type + ", expected " + ReeveIpsecData.DATA_TYPE);
    }
    try {
      return ReeveIpsecData.whole(data.get(), HostSettings::read);
    } catch (IllegalArgumentException e) {
      throw new WrongAttribute(
          LdapAttribute.IPSEC_DATA, Code.SETTING_INVALID, String.valueOf(e.getMessage()));
    }
  }
}
