package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ipsec.IpsecGuids;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.ipsec.ReeveIpsecData;
import dev.reeve.schema.ms.MsIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Every IPsec object of a directory by name, each decoded on its own, in whichever of the two
/// encodings it has.
final class IpsecObjects {

  private static final int MAX_SIZE = 1 << 20;

  /// An object and what it says, or why nobody knows.
  sealed interface Decoded {
    LdapEntry entry();

    IpsecKind kind();

    record Good(LdapEntry entry, IpsecKind kind, IpsecObject content) implements Decoded {}

    record Bad(LdapEntry entry, IpsecKind kind, String detail) implements Decoded {}
  }

  private final SecretSealer sealer;
  private final Problems problems;

  private IpsecObjects(SecretSealer sealer, Problems problems) {
    this.sealer = sealer;
    this.problems = problems;
  }

  static Map<Dn, Decoded> decode(
      Iterable<LdapEntry> entries, SecretSealer sealer, Problems problems) {
    var decoded = new HashMap<Dn, Decoded>();
    for (LdapEntry entry : entries)
      decode(entry, sealer, problems).ifPresent(object -> decoded.put(entry.dn(), object));
    return decoded;
  }

  /// Empty when the entry is no IPsec object.
  static Optional<Decoded> decode(LdapEntry entry, SecretSealer sealer, Problems problems) {
    return IpsecKind.of(entry).map(kind -> new IpsecObjects(sealer, problems).decode(entry, kind));
  }

  private Decoded decode(LdapEntry entry, IpsecKind kind) {
    try {
      if (entry.isBare()) {
        throw wrong(LdapAttribute.OBJECT_CLASS, "not readable, nor is any attribute but the name");
      }
      return new Decoded.Good(entry, kind, content(entry, kind));
    } catch (WrongAttribute e) {
      return bad(entry, kind, e.attribute(), e.detail());
    } catch (IllegalArgumentException e) {
      return bad(entry, kind, LdapAttribute.IPSEC_DATA, String.valueOf(e.getMessage()));
    }
  }

  private Decoded bad(LdapEntry entry, IpsecKind kind, LdapAttribute attribute, String detail) {
    problems.add(entry, attribute, Code.OBJECT_UNREADABLE, detail);
    return new Decoded.Bad(entry, kind, attribute + " " + Problems.shortened(detail));
  }

  private IpsecObject content(LdapEntry entry, IpsecKind kind) {
    String type =
        entry
            .text(LdapAttribute.IPSEC_DATA_TYPE)
            .orElseThrow(() -> wrong(LdapAttribute.IPSEC_DATA_TYPE, "is missing"));
    byte[] data =
        entry
            .firstBytes(LdapAttribute.IPSEC_DATA)
            .orElseThrow(() -> wrong(LdapAttribute.IPSEC_DATA, "is missing"));
    if (data.length > MAX_SIZE) {
      throw wrong(
          LdapAttribute.IPSEC_DATA, "has " + data.length + " bytes, expected at most " + MAX_SIZE);
    }
    return switch (type.strip()) {
      case "" + MsIpsecData.DATA_TYPE, "" + MsIpsecData.DATA_TYPE_IN_REAL_DOMAINS ->
          microsoft(entry, kind, data);
      case "" + ReeveIpsecData.DATA_TYPE -> reeve(entry, kind, data);
      default ->
          throw wrong(
              LdapAttribute.IPSEC_DATA_TYPE,
              "found '"
                  + type
                  + "', expected 256 or 598 (Microsoft) or "
                  + ReeveIpsecData.DATA_TYPE);
    };
  }

  private IpsecObject microsoft(LdapEntry entry, IpsecKind kind, byte[] data) {
    return switch (kind) {
      case POLICY -> MsIpsecData.policy(data);
      case MAIN_MODE -> MsIpsecData.mainMode(data);
      case RULE -> {
        IpsecObject rule = MsIpsecData.rule(data, sealer);
        if (rule instanceof RulePart part) reportSecrets(entry, part);
        yield rule;
      }
      case ACTION ->
          MsIpsecData.action(
              data,
              text(entry, LdapAttribute.IPSEC_NEGOTIATION_POLICY_ACTION),
              text(entry, LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE),
              entry.text(LdapAttribute.IPSEC_NAME).orElse(""));
      case FILTERS -> MsIpsecData.filters(data);
    };
  }

  private void reportSecrets(LdapEntry entry, RulePart rule) {
    if (rule.authentication().stream().anyMatch(m -> m instanceof AuthMethod.PreSharedKey)) {
      problems.add(
          entry,
          LdapAttribute.IPSEC_DATA,
          Code.SECRET_READABLE_AT_SOURCE,
          "holds a pre-shared key that everyone who may read the entry can read");
    }
  }

  private static IpsecObject reeve(LdapEntry entry, IpsecKind kind, byte[] data) {
    return switch (kind) {
      case POLICY -> ReeveIpsecData.policy(data);
      case MAIN_MODE -> ReeveIpsecData.mainMode(data);
      case RULE -> ReeveIpsecData.rule(data);
      case ACTION ->
          ReeveIpsecData.action(
              data,
              IpsecGuids.TYPE_DEFAULT_RESPONSE.equalsIgnoreCase(
                  text(entry, LdapAttribute.IPSEC_NEGOTIATION_POLICY_TYPE).strip()));
      case FILTERS -> ReeveIpsecData.filters(data);
    };
  }

  private static String text(LdapEntry entry, LdapAttribute attribute) {
    return entry.text(attribute).orElseThrow(() -> wrong(attribute, "is missing"));
  }

  private static WrongAttribute wrong(LdapAttribute attribute, String detail) {
    return new WrongAttribute(attribute, Code.OBJECT_UNREADABLE, detail);
  }
}
