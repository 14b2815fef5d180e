package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeChild;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.negotiate.KernelPolicies.Agreed;
import dev.reeve.engine.negotiate.TermsFinder.Found;
import dev.reeve.engine.nft.Gate.Protection;
import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.engine.nft.Gate.Ways;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything that is negotiated on a host, compiled from its policy.
///
/// @param rules every negotiate rule of the SPD
/// @param responses default response rules
/// @param connections for charon
/// @param policies for the kernel
public record Negotiations(
    Map<RuleKey, Negotiation> rules,
    Map<ResponseKey, Negotiation> responses,
    List<IkeConnection> connections,
    List<XfrmPolicy> policies) {

  public static final Negotiations NONE =
      new Negotiations(Map.of(), Map.of(), List.of(), List.of());

  public record ResponseKey(Store store, String ruleId) {}

  public Negotiations {
    rules = Map.copyOf(rules);
    responses = Map.copyOf(responses);
    connections = List.copyOf(connections);
    policies = List.copyOf(policies);
  }

  public static Negotiations of(HostPolicy policy, Spd spd, HostView view, Means means) {
    return new Compiler(policy, spd, view, means).compile();
  }

  /// Of a host without a gate: nothing is negotiated, and the kernel's policies decide alone.
  ///
  /// @param means with an obstacle
  public static Negotiations withoutGate(HostPolicy policy, Spd spd, HostView view, Means means) {
    Negotiations none = of(policy, spd, view, means);
    return new Negotiations(
        none.rules(), none.responses(), List.of(), KernelPolicies.alone(spd, view, means));
  }

  /// What the gate takes for secured, by rule.
  public Map<RuleKey, Protection> protections() {
    var protections = new HashMap<RuleKey, Protection>();
    rules.forEach((rule, negotiation) ->
        protection(negotiation).ifPresent(protection -> protections.put(rule, protection)));
    return protections;
  }

  /// What default responses agree on.
  public List<Protection> responseProtections() {
    return responses.values().stream().flatMap(one -> protection(one).stream()).toList();
  }

  private static Optional<Protection> protection(Negotiation negotiation) {
    if (!(negotiation instanceof Negotiation.Possible(var ids, var layers, var ways, var _)))
      return Optional.empty();
    List<Long> reqids = ids.values().stream().sorted().toList();
    return Optional.of(new Protection(reqids, layers == Layers.ESP_IN_AH, ways));
  }

  /// The request ids of ESP that needs AH around it.
  public Set<Long> inAh() {
    return Stream.concat(inAh(protections().values()), inAh(responseProtections()))
        .collect(Collectors.toSet());
  }

  /// Those of them that are of a default response.
  public Set<Long> responsesInAh() {
    return inAh(responseProtections()).collect(Collectors.toSet());
  }

  private static Stream<Long> inAh(Collection<Protection> protections) {
    return protections.stream()
        .filter(Protection::inAh)
        .flatMap(protection -> protection.reqids().stream());
  }

  /// Whose each request id is: the names of rules, sorted.
  public Map<Long, List<String>> ruleNames(Spd spd) {
    var names = new HashMap<RuleKey, String>();
    for (SpdEntry entry : spd.entries()) {
      names.putIfAbsent(RuleKey.of(entry), entry.origin().ruleName());
    }
    var found = new HashMap<Long, SortedSet<String>>();
    protections()
        .forEach(
            (rule, protection) -> add(found, protection, names.getOrDefault(rule, rule.ruleId())));
    responseProtections().forEach(protection -> add(found, protection, "default response"));
    var sorted = new HashMap<Long, List<String>>();
    found.forEach((reqid, rules) -> sorted.put(reqid, List.copyOf(rules)));
    return sorted;
  }

  private static void add(Map<Long, SortedSet<String>> found, Protection protection, String rule) {
    for (long reqid : protection.allReqids()) {
      boolean unused = found.computeIfAbsent(reqid, _ -> new TreeSet<>()).add(rule);
    }
  }

  /// Every request id that may be in use.
  public Set<Long> allReqids() {
    return connections.stream()
        .flatMap(connection -> connection.children().stream())
        .map(IkeChild::reqid)
        .collect(Collectors.toSet());
  }

  private static final class Compiler {
    private static final Set<IpPrefix> EVERYBODY =
        Set.of(XfrmSelector.all(IpFamily.IPV4), XfrmSelector.all(IpFamily.IPV6));

    private final Spd spd;
    private final HostView view;
    private final Means means;
    private final List<RuleRef> refs;
    private final TermsFinder terms;
    private final Connections connections;
    private final Map<RuleKey, Agreed> agreed = new LinkedHashMap<>();
    private final Map<ResponseKey, Set<IpPrefix>> peers = new HashMap<>();

    Compiler(HostPolicy policy, Spd spd, HostView view, Means means) {
      this.spd = spd;
      this.view = view;
      this.means = means;
      this.refs = RuleRef.of(policy);
      this.terms = new TermsFinder(policy.settings(), means);
      this.connections = new Connections(means, view);
    }

    Negotiations compile() {
      var entries = new LinkedHashMap<RuleKey, List<SpdEntry>>();
      for (SpdEntry entry : spd.entries()) {
        if (entry.action() instanceof SpdAction.Negotiate) {
          entries.computeIfAbsent(RuleKey.of(entry), _ -> new ArrayList<>()).add(entry);
        }
      }
      var tunnels = new Tunnels(refs, entries, view, means);
      findPeers(entries, tunnels);
      terms.share(refs, this::peers);
      var rules = new LinkedHashMap<RuleKey, Negotiation>();
      entries.forEach((key, its) -> rules.put(key, rule(key, its, tunnels)));
      var responses = new LinkedHashMap<ResponseKey, Negotiation>();
      for (RuleRef ref : refs) {
        if (ref.rule().isDefaultResponse()) {
          responses.put(new ResponseKey(ref.store(), ref.rule().id()), response(ref));
        }
      }
      return new Negotiations(
          rules, responses, connections.all(), KernelPolicies.of(spd, view, means, agreed));
    }

    /// With whom each rule negotiates: a pre-shared key may be for some alone.
    private void findPeers(Map<RuleKey, List<SpdEntry>> entries, Tunnels tunnels) {
      entries.forEach((key, its) -> {
        if (!key.tunnel()) {
          List<Selector> traffic = its.stream().map(SpdEntry::selector).toList();
          RuleRef.find(refs, key.store(), key.ruleId())
              .ifPresent(ref -> addPeers(ref, Traffic.peers(traffic, means, view)));
        } else if (tunnels.find(key) instanceof Tunnels.Found.Half(var _, var ref, var ends)) {
          addPeers(ref, Set.of(IpPrefix.of(ends.remote())));
        }
      });
      for (RuleRef ref : refs) {
        if (ref.rule().isDefaultResponse()) addPeers(ref, EVERYBODY);
      }
    }

    private void addPeers(RuleRef ref, Set<IpPrefix> more) {
      var key = new ResponseKey(ref.store(), ref.rule().id());
      peers.computeIfAbsent(key, _ -> new HashSet<>()).addAll(more);
    }

    private Set<IpPrefix> peers(RuleRef ref) {
      return peers.getOrDefault(new ResponseKey(ref.store(), ref.rule().id()), Set.of());
    }

    private Found find(RuleRef ref) {
      return terms.find(ref, peers(ref));
    }

    private Negotiation rule(RuleKey key, List<SpdEntry> entries, Tunnels tunnels) {
      Optional<RuleRef> ref = RuleRef.find(refs, key.store(), key.ruleId());
      if (ref.isEmpty()) return impossible("several rules have the id " + key.ruleId());
      if (means.obstacle().isPresent()) return impossible(means.obstacle().get());
      Optional<SpdEntry> wide = entries.stream().filter(Compiler::tooManyPorts).findFirst();
      if (wide.isPresent()) {
        return impossible(
            "filter %s has ranges at both ends that take more than %d policies"
                .formatted(wide.get().origin().filter(), Sides.MOST_PORTS));
      }
      if (key.tunnel()) {
        return switch (tunnels.find(key)) {
          case Tunnels.Found.Broken(var reason) -> impossible(reason);
          case Tunnels.Found.Half half -> tunnel(key, half, tunnels.outward(key));
        };
      }
      return switch (find(ref.get())) {
        case Found.Refused(var reason) -> impossible(reason);
        case Found.Good(var good, var notes) -> {
          List<Selector> traffic = entries.stream().map(SpdEntry::selector).toList();
          var reqids = new EnumMap<IpFamily, Long>(IpFamily.class);
          for (IpFamily family : IpFamily.values()) {
            if (Traffic.of(traffic, family, means, view).isEmpty()) continue;
            reqids.put(family, connections.add(good, family, traffic));
          }
          yield possible(key, reqids, Ways.BOTH, Optional.empty(), good, notes);
        }
      };
    }

    private Negotiation tunnel(RuleKey key, Tunnels.Found.Half half, List<Selector> outward) {
      return switch (find(half.terms())) {
        case Found.Refused(var reason) -> impossible(reason);
        case Found.Good(var good, var notes) -> {
          var reqids = new EnumMap<IpFamily, Long>(IpFamily.class);
          for (IpFamily family : IpFamily.values()) {
            if (Traffic.within(outward, family, means, view).isEmpty()) continue;
            reqids.put(family, connections.addTunnel(good, family, half.ends(), outward));
          }
          Ways ways = half.outward() ? Ways.OUT : Ways.IN;
          yield possible(key, reqids, ways, Optional.of(half.ends()), good, notes);
        }
      };
    }

    private Negotiation possible(
        RuleKey key,
        Map<IpFamily, Long> reqids,
        Ways ways,
        Optional<IkeChild.Ends> ends,
        Terms terms,
        List<String> notes) {
      if (reqids.isEmpty()) {
        return impossible("none of this host's addresses is an end of its filters now");
      }
      agreed.put(key, new Agreed(reqids, terms.layers(), ways, ends));
      return new Negotiation.Possible(reqids, terms.layers(), ways, notes);
    }

    private static boolean tooManyPorts(SpdEntry entry) {
      return Sides.tooMany(entry.selector().sourcePorts(), entry.selector().destinationPorts());
    }

    private Negotiation response(RuleRef ref) {
      if (means.obstacle().isPresent()) return impossible(means.obstacle().get());
      return switch (find(ref)) {
        case Found.Refused(var reason) -> impossible(reason);
        case Found.Good(var good, var notes) -> {
          var reqids = new EnumMap<IpFamily, Long>(IpFamily.class);
          for (IpFamily family : IpFamily.values()) {
            reqids.put(family, connections.addResponse(good, family));
          }
          yield new Negotiation.Possible(reqids, good.layers(), Ways.BOTH, notes);
        }
      };
    }

    private static Negotiation impossible(String reason) {
      return new Negotiation.Impossible(reason);
    }
  }
}
