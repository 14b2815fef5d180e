package dev.reeve.engine.negotiate;

import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import java.util.LinkedHashSet;
import java.util.List;

/// What the kernel's policies cannot say of a rule's entry, where there is no gate to say it.
///
/// @param detail for people
public record Unsaid(SpdEntry.Origin origin, String detail) {

  /// @param forwards whether this host forwards for others: it may publish ports for them
  public static List<Unsaid> of(Spd spd, boolean forwards) {
    var unsaid = new LinkedHashSet<Unsaid>();
    for (SpdEntry entry : spd.entries()) {
      SpdEntry.Origin origin = entry.origin();
      NetworkType network = entry.selector().networkType();
      if (leftOut(entry)) {
        String detail =
            "filter %s: not enforced: ranges at both ends take more than %d policies"
                .formatted(origin.filter(), Sides.MOST_PORTS);
        unsaid.add(new Unsaid(origin, detail));
      } else if (network != NetworkType.ALL) {
        boolean more = forwards && KernelPolicies.notForwarded(entry);
        String detail =
            "on %s: only by the addresses of such interfaces%s"
                .formatted(network, more ? ", and not forwarded on any" : "");
        unsaid.add(new Unsaid(origin, detail));
      }
      if (forwards && mayBePublished(entry.selector())) {
        unsaid.add(
            new Unsaid(origin, "not for ports that this host publishes for others (by DNAT)"));
      }
    }
    return List.copyOf(unsaid);
  }

  /// Lest each packet's look-up gets slow. What is negotiated is dropped whatever it takes.
  static boolean leftOut(SpdEntry entry) {
    Selector selector = entry.selector();
    return !(entry.action() instanceof SpdAction.Negotiate)
        && Sides.tooMany(selector.sourcePorts(), selector.destinationPorts());
  }

  /// Such a packet has the other host's address and port when the kernel's policies see it.
  private static boolean mayBePublished(Selector selector) {
    return selector.source() == SpdAddress.Me.ME
        || selector.destination() == SpdAddress.Me.ME
        || !selector.sourcePorts().isAny()
        || !selector.destinationPorts().isAny();
  }
}
