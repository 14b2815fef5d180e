package dev.reeve.schema.read;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Changes a directory at random, sensibly and not, and keeps the plain list of entries beside.
final class RandomChanges {

  private final Random random;
  private final List<LdapEntry> pool;
  private final Map<Dn, LdapEntry> entries = new HashMap<>();
  private int made;

  RandomChanges(Random random, Collection<LdapEntry> start) {
    this.random = random;
    this.pool = List.copyOf(start);
    start.forEach(entry -> entries.put(entry.dn(), entry));
  }

  Collection<LdapEntry> entries() {
    return entries.values();
  }

  void reset(LiveSnapshot live) {
    var shuffled = new ArrayList<>(entries.values());
    Collections.shuffle(shuffled, random);
    live.reset(shuffled);
  }

  /// @return what was done
  String next(LiveSnapshot live) {
    return switch (random.nextInt(22)) {
      case 0, 1 -> delete(live, any().dn());
      case 2, 3, 4 -> upsert(live, pool.get(random.nextInt(pool.size())));
      case 5, 6, 7, 8 -> upsert(live, modified(any()));
      case 9, 10, 11 -> move(live, any().dn());
      case 12 -> upsert(live, LdapEntry.named(any().dn()).build());
      case 13, 14 -> upsert(live, computer());
      case 15, 16 -> upsert(live, group());
      case 17 -> upsert(live, respelled(any()));
      case 18 -> upsert(live, any());
      case 19, 20 -> upsert(live, filtered());
      default -> {
        for (int i = random.nextInt(3); i > 0; i--) remove(any().dn());
        LdapEntry one = computer();
        entries.put(one.dn(), one);
        reset(live);
        yield "reset";
      }
    };
  }

  private LdapEntry any() {
    var sorted = new ArrayList<>(entries.values());
    sorted.sort((a, b) -> a.dn().compareTo(b.dn()));
    return sorted.isEmpty() ? pool.getFirst() : sorted.get(random.nextInt(sorted.size()));
  }

  private String upsert(LiveSnapshot live, LdapEntry entry) {
    entries.remove(entry.dn());
    entries.put(entry.dn(), entry);
    live.upsert(entry);
    return "upsert " + entry;
  }

  private String delete(LiveSnapshot live, Dn dn) {
    remove(dn);
    live.delete(dn);
    return "delete " + dn;
  }

  private List<LdapEntry> remove(Dn dn) {
    List<LdapEntry> gone = entries.values().stream().filter(e -> e.dn().isUnder(dn)).toList();
    gone.forEach(entry -> entries.remove(entry.dn()));
    return gone;
  }

  private String move(LiveSnapshot live, Dn from) {
    Dn parent = random.nextInt(3) == 0 ? from.parent().orElse(from) : any().dn();
    String name = random.nextBoolean() ? from.name() : "moved" + made++;
    Dn to = parent.child(from.attribute(), name);
    if (to.isUnder(from) && !to.equals(from)) return "nothing";
    for (LdapEntry entry : remove(from)) {
      LdapEntry moved = entry.withDn(entry.dn().moved(from, to));
      entries.remove(moved.dn());
      entries.put(moved.dn(), moved);
    }
    live.move(from, to);
    return "move " + from + " to " + to;
  }

  private LdapEntry modified(LdapEntry entry) {
    Entry copy = entry.toEntry();
    var attributes = new ArrayList<>(copy.getAttributes());
    if (attributes.isEmpty()) return entry;
    Attribute attribute = attributes.get(random.nextInt(attributes.size()));
    String name = attribute.getName();
    switch (random.nextInt(4)) {
      case 0 -> copy.removeAttribute(name);
      case 1 -> {
        byte[] value = attribute.getValueByteArray().clone();
        if (value.length > 0) value[random.nextInt(value.length)] ^= 1;
        copy.setAttribute(name, value);
      }
      case 2 -> {
        var others = pool.stream().filter(e -> !e.bytes(name).isEmpty()).toList();
        if (!others.isEmpty())
          copy.setAttribute(name, others.get(random.nextInt(others.size())).bytes(name).getFirst());
      }
      default -> copy.addAttribute("description", "change " + made++);
    }
    return LdapEntry.of(copy);
  }

  /// A GPO for the members of some group, now.
  private LdapEntry filtered() {
    var gpos = pool.stream().filter(e -> e.isA(LdapClass.GROUP_POLICY_CONTAINER)).toList();
    Entry gpo = gpos.get(random.nextInt(gpos.size())).toEntry();
    var groups =
        entries.values().stream()
            .filter(e -> e.isA(LdapClass.GROUP))
            .map(e -> e.dn().toString())
            .sorted()
            .toList();
    if (groups.isEmpty()) return LdapEntry.of(gpo);
    gpo.setAttribute(
        random.nextInt(3) == 0 ? "reeveDenyGroup" : "reeveApplyGroup",
        groups.get(random.nextInt(groups.size())));
    return LdapEntry.of(gpo);
  }

  private LdapEntry respelled(LdapEntry entry) {
    return entry.withDn(Dn.parse(entry.dn().toString().toUpperCase(java.util.Locale.ROOT)));
  }

  private LdapEntry computer() {
    int number = random.nextInt(12);
    Dn dn = container().child("CN", "random" + number);
    var made =
        LdapEntry.named(dn)
            .addClasses(LdapClass.TOP, LdapClass.COMPUTER)
            .add(
                LdapAttribute.ENTRY_UUID,
                "00000000-0000-0000-0000-%012d".formatted(dn.hashCode() & 0xffffff));
    if (random.nextBoolean()) made.add(LdapAttribute.CN, "random" + number);
    if (random.nextBoolean()) made.add(LdapAttribute.OBJECT_SID, sid(1000 + number));
    if (random.nextBoolean()) made.add(LdapAttribute.PRIMARY_GROUP_ID, "" + random.nextInt(3));
    if (random.nextInt(4) == 0) made.add(LdapAttribute.PRIMARY_GROUP_ID, "none");
    if (random.nextBoolean()) made.add(LdapAttribute.IP_HOST_NUMBER, "10.1.0." + number);
    if (random.nextInt(8) == 0) made.add(LdapAttribute.IP_HOST_NUMBER, "nowhere");
    return made.build();
  }

  private LdapEntry group() {
    int number = random.nextInt(8);
    var made =
        LdapEntry.named(container().child("CN", "group" + number))
            .addClasses(LdapClass.TOP, LdapClass.GROUP);
    if (random.nextBoolean()) made.add(LdapAttribute.OBJECT_SID, sid(number % 3));
    for (int i = random.nextInt(4); i > 0; i--)
      made.add(LdapAttribute.MEMBER, any().dn().toString());
    if (random.nextInt(8) == 0) made.add(LdapAttribute.MEMBER, "nobody");
    return made.build();
  }

  /// S-1-5-21-1-2-3-rid
  private static byte[] sid(int rid) {
    byte[] sid = new byte[8 + 5 * 4];
    sid[0] = 1;
    sid[1] = 5;
    sid[7] = 5;
    int[] parts = {21, 1, 2, 3, rid};
    for (int i = 0; i < parts.length; i++) {
      sid[8 + 4 * i] = (byte) parts[i];
      sid[9 + 4 * i] = (byte) (parts[i] >>> 8);
    }
    return sid;
  }

  private Dn container() {
    Dn dn = any().dn();
    return random.nextBoolean() ? dn : dn.parent().orElse(dn);
  }
}
