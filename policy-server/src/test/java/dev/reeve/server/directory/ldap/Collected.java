package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.DirectorySource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Holds what a source delivers, as the snapshot's keeper does.
final class Collected implements DirectorySource.Feed {

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Map<Dn, LdapEntry> entries = Map.of();
  private final List<DirectoryChange> changes = new ArrayList<>();
  private final List<String> losses = new ArrayList<>();
  private int resets;
  private boolean lost;

  @Override
  public synchronized void reset(Collection<LdapEntry> all, Predicate<Dn> part) {
    var fresh = new HashMap<Dn, LdapEntry>();
    all.forEach(entry -> fresh.put(entry.dn(), entry));
    assertThat(fresh).hasSameSizeAs(all);
    var next = new HashMap<>(entries);
    next.keySet().removeIf(part);
    next.putAll(fresh);
    entries = next;
    resets++;
    lost = false;
    notifyAll();
  }

  @Override
  public synchronized void changed(List<DirectoryChange> batch) {
    var next = new HashMap<>(entries);
    for (DirectoryChange change : batch) {
      switch (change) {
        case DirectoryChange.Upsert(var entry) -> next.put(entry.dn(), entry);
        case DirectoryChange.Delete(var dn) -> next.keySet().removeIf(name -> name.isUnder(dn));
        case DirectoryChange.Moved(var from, var to) ->
            List.copyOf(next.values()).stream()
                .filter(entry -> entry.dn().isUnder(from))
                .forEach(entry -> {
                  next.remove(entry.dn());
                  Dn name = entry.dn().moved(from, to);
                  next.put(name, entry.withDn(name));
                });
      }
    }
    changes.addAll(batch);
    entries = next;
    lost = false;
    notifyAll();
  }

  @Override
  public synchronized void lost(String why) {
    losses.add(why);
    lost = true;
    notifyAll();
  }

  @Override
  public void inContact() {}

  synchronized Map<Dn, LdapEntry> entries() {
    return Map.copyOf(entries);
  }

  synchronized Optional<LdapEntry> find(String dn) {
    return Optional.ofNullable(entries.get(Dn.parse(dn)));
  }

  synchronized Optional<String> text(String dn, LdapAttribute attribute) {
    return find(dn).flatMap(entry -> entry.text(attribute));
  }

  synchronized List<DirectoryChange> changes() {
    return List.copyOf(changes);
  }

  synchronized List<String> losses() {
    return List.copyOf(losses);
  }

  synchronized int resets() {
    return resets;
  }

  synchronized boolean isLost() {
    return lost;
  }

  /// Waits until it is so.
  synchronized void await(String what, Predicate<Collected> wanted) throws InterruptedException {
    long began = System.nanoTime();
    while (!wanted.test(this)) {
      long left = PATIENCE_NANOS - (System.nanoTime() - began);
      if (left <= 0) throw new AssertionError("not seen: " + what + "; losses: " + losses);
      wait(Math.max(1, left / 1_000_000));
    }
  }

  /// Everything, in a form that can be compared and read.
  synchronized Map<String, Map<String, List<String>>> content() {
    var content = new TreeMap<String, Map<String, List<String>>>();
    for (LdapEntry entry : entries.values()) {
      var attributes = new TreeMap<String, List<String>>();
      for (String name : entry.attributeNames())
        attributes.put(
            name, entry.bytes(name).stream().map(HexFormat.of()::formatHex).sorted().toList());
      content.put(entry.dn().key(), attributes);
    }
    return content;
  }
}
