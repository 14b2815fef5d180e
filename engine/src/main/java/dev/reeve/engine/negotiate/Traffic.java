package dev.reeve.engine.negotiate;

import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import java.util.List;
import java.util.TreeSet;

/// The traffic of a rule in one family, as charon's selectors. The two lists cross: together they
/// may say more than the filters do, never less. The kernel's policies and the gate are exact.
record Traffic(List<String> local, List<String> remote) {

  /// More selectors than this make messages that peers refuse.
  private static final int MOST = 32;

  static Traffic of(List<SpdEntry> entries, IpFamily family, Means means, HostView view) {
    var local = new TreeSet<String>();
    var remote = new TreeSet<String>();
    for (SpdEntry entry : entries) {
      Selector selector = entry.selector();
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
    boolean here =
        Sides.local(selector.source(), means.addresses(), view.privateAddresses()).stream()
            .anyMatch(own -> own.family() == family);
    if (!here || selector.destination() == SpdAddress.Me.ME) return;
    for (IpPrefix peer : Sides.remote(selector.destination(), family)) {
      local.add("dynamic" + layer(selector, selector.sourcePorts()));
      remote.add(
          peer.network() + "/" + peer.length() + layer(selector, selector.destinationPorts()));
    }
  }

  private static String layer(Selector selector, PortRange ports) {
    if (selector.protocol().isAny()) return "";
    String number = "[" + selector.protocol().number();
    return ports.isAny() ? number + "]" : number + "/" + ports + "]";
  }
}
