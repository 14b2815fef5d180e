package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeChild.Ends;
import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Passage;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.SpdEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which way the entries of tunnel rules go, and between which two addresses.
///
/// Windows says a tunnel in two one-way rules: one for what leaves, whose endpoint is the other
/// end, and one for what comes in, whose endpoint is this host. IKE agrees on both ways at once, so
/// the two are one tunnel, and the rule for what leaves says on which terms. A mirrored filter says
/// both ways in one rule.
final class Tunnels {

  private final List<RuleRef> refs;
  private final Map<RuleKey, List<SpdEntry>> entries;
  private final HostView view;
  private final Means means;

  Tunnels(List<RuleRef> refs, Map<RuleKey, List<SpdEntry>> entries, HostView view, Means means) {
    this.refs = refs;
    this.entries = entries;
    this.view = view;
    this.means = means;
  }

  sealed interface Found {
    /// @param outward whether this is what leaves by it
    /// @param terms the rule that says how it is negotiated
    record Half(boolean outward, RuleRef terms, Ends ends) implements Found {}

    /// @param reason for people
    record Broken(String reason) implements Found {}
  }

  /// @param key of a tunnel rule
  Found find(RuleKey key) {
    Optional<RuleKey> leading =
        leads(key)
            ? Optional.of(key)
            : entries.keySet().stream()
                .filter(other -> leads(other) && belong(key, other))
                .findFirst();
    if (leading.isEmpty()) {
      return new Found.Broken("no tunnel rule says where the answers to its traffic go");
    }
    Optional<RuleRef> terms = ref(leading.get());
    Optional<IpAddress> remote = endpoint(leading.get()).findFirst();
    if (terms.isEmpty() || remote.isEmpty()) {
      return new Found.Broken("the other end of its tunnel has no address now");
    }
    Optional<IpAddress> local = local(leading.get(), remote.get());
    if (local.isEmpty()) return new Found.Broken("there is no way to " + remote.get());
    NetworkType network = terms.get().rule().networkType();
    boolean fits =
        network == NetworkType.ALL
            || means.addresses().contains(new OwnAddress(local.get(), network));
    return fits
        ? new Found.Half(isOutward(key), terms.get(), new Ends(local.get(), remote.get()))
        : new Found.Broken("the way to " + remote.get() + " is not of network type " + network);
  }

  /// The traffic of that rule as it leaves through the tunnel, whichever way it goes.
  List<Selector> outward(RuleKey key) {
    boolean outward = isOutward(key);
    return entries.getOrDefault(key, List.of()).stream()
        .map(SpdEntry::selector)
        .map(selector -> outward ? selector : selector.reversed())
        .toList();
  }

  private boolean leads(RuleKey key) {
    return key.passage() == Passage.TUNNEL && !endsHere(key);
  }

  private boolean isOutward(RuleKey key) {
    return (key.passage() == Passage.TUNNEL) != endsHere(key);
  }

  private boolean belong(RuleKey key, RuleKey leading) {
    Set<Selector> led = new HashSet<>(outward(leading));
    return outward(key).stream().anyMatch(led::contains);
  }

  /// What the rule for what comes in says, else the address on the way to the other end.
  private Optional<IpAddress> local(RuleKey leading, IpAddress remote) {
    return entries.keySet().stream()
        .filter(key -> key.passage() == Passage.TUNNEL && endsHere(key) && belong(key, leading))
        .flatMap(this::endpoint)
        .filter(own -> means.has(own) && own.family() == remote.family())
        .findFirst()
        .or(() -> means.towards().apply(remote).filter(means::has));
  }

  private boolean endsHere(RuleKey key) {
    return rule(key).filter(end -> end == TunnelEndpoint.Me.ME).isPresent()
        || endpoint(key).anyMatch(means::has);
  }

  private Stream<IpAddress> endpoint(RuleKey key) {
    return rule(key).stream()
        .flatMap(end ->
            switch (end) {
              case TunnelEndpoint.Me _ -> Stream.of();
              case TunnelEndpoint.Address(var address) -> Stream.of(address);
              case TunnelEndpoint.Name(var name) ->
                  view.names().getOrDefault(name.name(), List.of()).stream().sorted();
            });
  }

  private Optional<TunnelEndpoint> rule(RuleKey key) {
    return ref(key).flatMap(ref -> ref.rule().tunnel());
  }

  private Optional<RuleRef> ref(RuleKey key) {
    return key.passage() == Passage.DIRECT
        ? Optional.empty()
        : RuleRef.find(refs, key.store(), key.ruleId());
  }
}
