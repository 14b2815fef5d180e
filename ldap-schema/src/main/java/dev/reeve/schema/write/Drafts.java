package dev.reeve.schema.write;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.ipsec.IpsecObject;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Microsoft's objects under construction. Objects that say the same under the same name are one,
/// with several owners.
final class Drafts {

  /// In the order to write them: a policy last, so that it is never seen without its parts.
  private static final List<LdapClass> ORDER =
      List.of(
          LdapClass.IPSEC_ISAKMP_POLICY,
          LdapClass.IPSEC_FILTER,
          LdapClass.IPSEC_NEGOTIATION_POLICY,
          LdapClass.IPSEC_NFA,
          LdapClass.IPSEC_POLICY);

  /// What an object says, apart from who owns it.
  record Content(
      String name, String description, IpsecObject part, Map<LdapAttribute, List<String>> more) {}

  private static final class Draft {
    private final LdapClass kind;
    private final String id;
    private final Content content;
    private final byte[] data;
    private final Optional<LdapEntry> original;
    private final Set<Dn> owners = new LinkedHashSet<>();

    Draft(LdapClass kind, String id, Content content, byte[] data, Optional<LdapEntry> original) {
      this.kind = kind;
      this.id = id;
      this.content = content;
      this.data = data;
      this.original = original;
    }
  }

  private final Dn container;
  private final MsOriginals originals;
  private final Map<Dn, Draft> drafts = new LinkedHashMap<>();

  Drafts(Dn container, MsOriginals originals) {
    this.container = container;
    this.originals = originals;
  }

  Dn name(LdapClass kind, String id) {
    return container.child(
        "CN", originals.find(kind, id).map(e -> e.dn().name()).orElse(kind.ldapName() + id));
  }

  /// @param otherId when the name is taken by an object that says something else
  /// @param data given what the object was, makes its ipsecData
  /// @return the object's name
  Dn add(
      LdapClass kind,
      String id,
      String otherId,
      Content content,
      Optional<Dn> owner,
      Function<byte[], byte[]> data) {
    Dn dn = name(kind, id);
    Draft there = drafts.get(dn);
    if (there != null && !there.content.equals(content)) {
      return add(kind, otherId, otherId, content, owner, data);
    }
    if (there == null) {
      Optional<LdapEntry> original = originals.find(kind, id);
      byte[] was = original.map(MsOriginals::data).orElse(new byte[0]);
      there = new Draft(kind, id, content, data.apply(was), original);
      drafts.put(dn, there);
    }
    owner.ifPresent(there.owners::add);
    return dn;
  }

  List<LdapEntry> entries() {
    var entries = new ArrayList<LdapEntry>();
    drafts.entrySet().stream()
        .sorted(Comparator.comparingInt(draft -> ORDER.indexOf(draft.getValue().kind)))
        .forEach(draft -> entries.add(entry(draft.getKey(), draft.getValue())));
    return List.copyOf(entries);
  }

  private static LdapEntry entry(Dn dn, Draft draft) {
    LdapEntry.Builder entry =
        LdapEntry.named(dn)
            .addClasses(LdapClass.TOP, LdapClass.IPSEC_BASE, draft.kind)
            .add(LdapAttribute.CN, dn.name());
    if (!draft.content.name.isEmpty()) entry.add(LdapAttribute.IPSEC_NAME, draft.content.name);
    if (!draft.content.description.isEmpty()) {
      entry.add(LdapAttribute.DESCRIPTION, draft.content.description);
    }
    entry
        .add(LdapAttribute.IPSEC_ID, kept(draft, LdapAttribute.IPSEC_ID, draft.id))
        .add(
            LdapAttribute.IPSEC_DATA_TYPE,
            draft.original.flatMap(e -> e.text(LdapAttribute.IPSEC_DATA_TYPE)).orElse("256"))
        .add(LdapAttribute.IPSEC_DATA, draft.data);
    draft.content.more.forEach((attribute, values) ->
        values.forEach(value -> entry.add(attribute, kept(draft, attribute, value))));
    draft.owners.forEach(
        owner -> entry.add(LdapAttribute.IPSEC_OWNERS_REFERENCE, owner.toString()));
    return entry.build();
  }

  /// GUIDs are equal whatever their case; as they were written they look familiar.
  private static String kept(Draft draft, LdapAttribute attribute, String value) {
    return draft
        .original
        .flatMap(e -> e.text(attribute))
        .filter(was -> was.strip().equalsIgnoreCase(value))
        .orElse(value);
  }
}
