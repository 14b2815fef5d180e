package dev.reeve.schema.write;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.schema.ipsec.IpsecObject.FilterPart;
import dev.reeve.schema.ipsec.IpsecObject.MainModePart;
import dev.reeve.schema.ipsec.IpsecObject.RulePart;
import dev.reeve.schema.ms.MsIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The objects that a policy was read from, for whoever writes it again: their names, and the bytes
/// that nobody knows. What cannot be read is as good as absent.
public final class MsOriginals {

  public static final MsOriginals NONE = new MsOriginals(List.of());

  private static final SecretSealer FORGETTING =
      secret -> {
        Arrays.fill(secret, (byte) 0);
        return SealedSecret.ofBytes(new byte[] {0});
      };

  private final Map<String, LdapEntry> byName = new HashMap<>();

  /// @param entries in Microsoft's encoding; others are ignored
  public MsOriginals(Collection<LdapEntry> entries) {
    for (LdapEntry entry : entries) {
      String type = entry.text(LdapAttribute.IPSEC_DATA_TYPE).orElse("").strip();
      boolean microsofts =
          type.equals("" + MsIpsecData.DATA_TYPE)
              || type.equals("" + MsIpsecData.DATA_TYPE_IN_REAL_DOMAINS);
      if (microsofts) byName.putIfAbsent(key(entry.dn().name()), entry);
    }
  }

  /// @param tunnel where the rule's traffic went, whoever of rule and filters said so
  record Rule(
      RulePart part,
      Optional<TunnelEndpoint> tunnel,
      List<LdapEntry> lists,
      List<FilterPart> listParts,
      Optional<LdapEntry> action) {}

  Optional<LdapEntry> find(LdapClass kind, String id) {
    return Optional.ofNullable(byName.get(key(kind.ldapName() + id)));
  }

  private Optional<LdapEntry> find(String reference) {
    return Dn.find(reference).flatMap(dn -> Optional.ofNullable(byName.get(key(dn.name()))));
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  Optional<LdapEntry> findMainMode(LdapEntry policy) {
    return policy
        .text(LdapAttribute.IPSEC_ISAKMP_REFERENCE)
        .flatMap(this::find)
        .filter(entry -> entry.isA(LdapClass.IPSEC_ISAKMP_POLICY));
  }

  static Optional<MainModePart> mainMode(LdapEntry entry) {
    try {
      return Optional.of(MsIpsecData.mainMode(data(entry)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Optional<Rule> findRule(String id) {
    return find(LdapClass.IPSEC_NFA, id).flatMap(this::rule);
  }

  private Optional<Rule> rule(LdapEntry entry) {
    try {
      if (!(MsIpsecData.rule(data(entry), FORGETTING) instanceof RulePart part)) {
        return Optional.empty();
      }
      var lists = new ArrayList<LdapEntry>();
      for (String reference : entry.texts(LdapAttribute.IPSEC_FILTER_REFERENCE)) {
        lists.add(find(reference).orElseThrow(() -> new IllegalArgumentException(reference)));
      }
      lists.sort(Comparator.comparing(MsOriginals::id).thenComparing(LdapEntry::dn));
      var parts = new ArrayList<FilterPart>();
      for (LdapEntry list : lists) parts.add(MsIpsecData.filters(data(list)));
      return Optional.of(
          new Rule(
              part,
              tunnel(part, parts),
              List.copyOf(lists),
              List.copyOf(parts),
              entry
                  .text(LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE)
                  .flatMap(this::find)
                  .filter(action -> action.isA(LdapClass.IPSEC_NEGOTIATION_POLICY))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<TunnelEndpoint> tunnel(RulePart part, List<FilterPart> lists) {
    if (part.tunnel().isPresent()) return part.tunnel();
    var named = new LinkedHashSet<TunnelEndpoint>();
    lists.forEach(list -> named.addAll(list.tunnels()));
    return named.stream().findFirst();
  }

  /// In upper case, as the model has it.
  static String id(LdapEntry entry) {
    String name = entry.dn().name();
    return entry
        .text(LdapAttribute.IPSEC_ID)
        .orElse(name.substring(Math.max(0, name.indexOf('{'))))
        .strip()
        .toUpperCase(Locale.ROOT);
  }

  static byte[] data(LdapEntry entry) {
    return entry.firstBytes(LdapAttribute.IPSEC_DATA).orElse(new byte[0]);
  }
}
