package dev.reeve.server.enrolment;

import dev.reeve.model.gp.Dn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Computers in memory; a host's name is the first part of its DN.
final class FakeDirectory implements ComputerDirectory {

  private final Map<Dn, Entry> entries = new LinkedHashMap<>();

  void add(String dn) {
    add(Dn.parse(dn));
  }

  void remove(String dn) {
    entries.remove(Dn.parse(dn));
  }

  private Entry add(Dn dn) {
    var entry = new Entry("guid-of-" + dn.key(), dn);
    entries.put(dn, entry);
    return entry;
  }

  @Override
  public Optional<Entry> find(Dn dn) {
    return Optional.ofNullable(entries.get(dn));
  }

  @Override
  public List<Entry> ofName(String hostName) {
    String first = hostName.split("\\.", -1)[0].toLowerCase(Locale.ROOT);
    return entries.values().stream()
        .filter(entry -> entry.dn().name().toLowerCase(Locale.ROOT).equals(first))
        .toList();
  }

  @Override
  public boolean containerExists(Dn ou) {
    return !ou.attribute().equals("cn");
  }

  @Override
  public Entry create(Dn ou, String hostName) {
    if (!hostName.matches("[a-z0-9.-]+"))
      throw new IllegalArgumentException("'" + hostName + "' is no host name");
    return add(ou.child("CN", hostName));
  }
}
