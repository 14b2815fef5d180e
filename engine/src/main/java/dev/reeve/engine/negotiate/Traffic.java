package dev.reeve.engine.negotiate;

import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.SpdAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The traffic of a rule in one family, as charon's selectors. The two lists cross: together they
/// may say more than the filters do, never less. The kernel's policies and the gate are exact.
record Traffic(List<String> local, List<String> remote) {

  /// More selectors than this make messages that peers refuse.
  private static final int MOST = 32;

  static Traffic of(List<Selector> selectors, IpFamily family, Means means, HostView view) {
    var local = new TreeSet<String>();
    var remote = new TreeSet<String>();
    for (Selector selector : selectors) {
      add(selector, family, means, view, local, remote);
      add(selector.reversed(), family, means, view, local, remote);
    }
    if (local.size() > MOST) local.retainAll(List.of());
    if (local.isEmpty() && !remote.isEmpty()) local.add("dynamic");
    if (remote.size() > MOST) {
      remote.clear();
      remote.add(all(family));
    }
    return new Traffic(List.copyOf(local), List.copyOf(remote));
  }

  /// @param outward as what leaves through the tunnel
  static Traffic within(List<Selector> outward, IpFamily family, Means means, HostView view) {
    var local = new TreeSet<String>();
    var remote = new TreeSet<String>();
    for (Selector selector : outward) {
      List<IpPrefix> here = Sides.inner(selector, selector.source(), family, means, view);
      List<IpPrefix> there = Sides.inner(selector, selector.destination(), family, means, view);
      if (here.isEmpty() || there.isEmpty()) continue;
      here.forEach(p -> local.add(text(p) + layer(selector, selector.sourcePorts())));
      there.forEach(p -> remote.add(text(p) + layer(selector, selector.destinationPorts())));
    }
    for (TreeSet<String> side : List.of(local, remote)) {
      if (side.size() <= MOST) continue;
      side.clear();
      side.add(all(family));
    }
    return new Traffic(List.copyOf(local), List.copyOf(remote));
  }

  static String all(IpFamily family) {
    return family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0";
  }

  boolean isEmpty() {
    return remote.isEmpty();
  }

  /// Taken as leaving: its source is here.
  private static void add(
      Selector selector,
      IpFamily family,
      Means means,
      HostView view,
      TreeSet<String> local,
      TreeSet<String> remote) {
    for (IpPrefix peer : peers(selector, family, means, view)) {
      local.add("dynamic" + layer(selector, selector.sourcePorts()));
      remote.add(text(peer) + layer(selector, selector.destinationPorts()));
    }
  }

  /// With whom it is, in both families.
  static Set<IpPrefix> peers(List<Selector> selectors, Means means, HostView view) {
    var peers = new HashSet<IpPrefix>();
    for (Selector selector : selectors) {
      for (IpFamily family : IpFamily.values()) {
        peers.addAll(peers(selector, family, means, view));
        peers.addAll(peers(selector.reversed(), family, means, view));
      }
    }
    return peers;
  }

  private static List<IpPrefix> peers(
      Selector selector, IpFamily family, Means means, HostView view) {
    boolean here =
        Sides.local(
                selector.source(),
                selector.networkType(),
                means.addresses(),
                view.privateAddresses())
            .stream()
            .anyMatch(own -> own.family() == family);
    if (!here || selector.destination() == SpdAddress.Me.ME) return List.of();
    return Sides.remote(selector.destination(), family);
  }

  private static String text(IpPrefix prefix) {
    return prefix.network() + "/" + prefix.length();
  }

  private static String layer(Selector selector, PortRange ports) {
    if (selector.protocol().isAny()) return "";
    String number = "[" + selector.protocol().number();
    return ports.isAny() ? number + "]" : number + "/" + ports + "]";
  }
}
