package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabProcess;
import dev.reeve.cli.lab.WireTap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Where the steps of one scenario happen, and what they remember for each other.
public final class Stage {

  private final Lab lab;
  private final Path folder;
  private final boolean full;
  private final Consumer<String> note;
  private final Map<String, PolicyWatch> watches = new HashMap<>();
  private final Map<String, Flow> flows = new HashMap<>();
  private final Map<String, Integer> traffic = new HashMap<>();
  private final Map<String, Flood> floods = new HashMap<>();
  private final Map<String, Spoof> spoofs = new HashMap<>();
  private final Map<String, WireTap> clears = new HashMap<>();
  private final Set<LabHost> holds = new LinkedHashSet<>();
  private final Map<String, LabProcess> peers = new HashMap<>();

  /// @param folder holds the files that steps name
  /// @param full run the long counts
  /// @param note told what happens, for whoever wants to follow
  public Stage(Lab lab, Path folder, boolean full, Consumer<String> note) {
    this.lab = lab;
    this.folder = folder;
    this.full = full;
    this.note = note;
  }

  Lab lab() {
    return lab;
  }

  int count(Words.Count count) {
    return full ? count.full() : count.few();
  }

  void note(String what) {
    note.accept(what);
  }

  Path path(String file) {
    return folder.resolve(file).toAbsolutePath();
  }

  String read(String file) throws LabException {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new LabException("cannot read " + file, e);
    }
  }

  void startWatch(String host) throws LabException {
    PolicyWatch old = watches.put(host, PolicyWatch.start(lab.host(host)));
    if (old != null) old.stop();
  }

  PolicyWatch watch(String host) throws LabException {
    PolicyWatch watch = watches.get(host);
    if (watch == null) throw new LabException("nobody watches " + host);
    return watch;
  }

  void startFlow(String name, Flow flow) {
    Flow old = flows.put(name, flow);
    if (old != null) old.stop();
  }

  /// @return what came of it, for people
  String endFlow(String name) throws LabException {
    Flow flow = flows.remove(name);
    if (flow == null) throw new LabException("no flow " + name + " was started");
    return flow.judge();
  }

  void startTraffic(String name, int since) {
    traffic.put(name, since);
  }

  /// @return the place in the capture to look back to
  int endTraffic(String name) throws LabException {
    Integer since = traffic.remove(name);
    if (since == null) throw new LabException("nobody looks at traffic " + name);
    return since;
  }

  void startFlood(String name, Flood flood) {
    floods.put(name, flood);
  }

  Flood endFlood(String name) throws LabException {
    Flood flood = floods.remove(name);
    if (flood == null) throw new LabException("no flood " + name + " was started");
    return flood;
  }

  Collection<Flood> floods() {
    return floods.values();
  }

  void startSpoof(String name, Spoof spoof) {
    spoofs.put(name, spoof);
  }

  Spoof endSpoof(String name) throws LabException {
    Spoof spoof = spoofs.remove(name);
    if (spoof == null) throw new LabException("nobody spoofs " + name);
    return spoof;
  }

  /// @param from the host that holds a connection
  void startHold(LabHost from) {
    holds.add(from);
  }

  /// Hosts that hold a connection.
  Set<LabHost> holds() {
    return holds;
  }

  /// @param wire what leaves the host in clear
  void startClear(String host, WireTap wire) {
    clears.put(host, wire);
  }

  WireTap endClear(String host) throws LabException {
    WireTap wire = clears.remove(host);
    if (wire == null) throw new LabException("nobody looks at what leaves " + host);
    return wire;
  }

  /// @param peer what keeps the host's associations in an agent's place
  void startPeer(String host, LabProcess peer) {
    peers.put(host, peer);
  }

  /// Politely, if there is one.
  void endPeer(String host) {
    LabProcess peer = peers.remove(host);
    if (peer != null) peer.stop();
  }

  public void end() {
    watches.values().forEach(PolicyWatch::stop);
    flows.values().forEach(Flow::stop);
  }
}
