package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftMatch.Way;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.engine.nft.NftRule.Verdict.Accept;
import dev.reeve.engine.nft.NftRule.Verdict.Drop;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Exemption;
import dev.reeve.model.spd.Exemption.Direction;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Passage;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Shape;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes an SPD as the table that enforces it.
///
/// A packet is judged as it is on the wire: when it comes in, before a published port's address is
/// changed (prerouting, before dstnat), and when it goes out, after a masqueraded source is
/// (postrouting, after srcnat). What was redirected in between is judged once more as what it
/// became, where it is delivered or forwarded. All four chains go through `entries`, in SPD order.
///
/// Whether an end of a packet is this host is a look-up of a route. It is asked once, and tells in
/// which chain the packet meets just those entries that can match it.
///
/// A packet leaves the gate by `accept`, which ends only this table's chain. An entry that drops
/// goes to a chain of its rule, which lets exempt traffic pass and counts what it drops.
///
/// Where rules are negotiated, the entries stand twice, for arriving and for leaving packets: nft
/// tells only the former which association they came by, and only of the latter which one they will
/// leave by. A packet is judged in clear, before it is protected and after it was. Exemptions do
/// not reach what goes through a tunnel; what carries the tunnel passes, from and to this host
/// alone.
///
/// The redirect test loads connection tracking, so fragments arrive here whole.
public final class Gate {

  /// Before dstnat (-100), after connection tracking (-200).
  static final int PREROUTING = -110;

  /// Just before other filters (0).
  static final int FILTER = -5;

  /// After srcnat (100).
  static final int POSTROUTING = 200;

  private static final Pattern GUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private static final String EXEMPT = "exempt";
  private static final String CARRIER = "carrier";
  private static final String THROUGH = "_through";
  private static final String END = "_end";

  private final HostView host;
  private final Map<RuleKey, Protection> negotiated;
  private final int diagnostics;
  private final Set<RuleKey> byAccount;
  private final List<IpAddress> verified;
  private final Optional<NatDoors> nat;
  private final Map<RuleKey, String> counters = new LinkedHashMap<>();
  private final Map<RuleKey, String> clearCounters = new LinkedHashMap<>();
  private final List<NftChain> ends = new ArrayList<>();
  private final List<NftMap> maps = new ArrayList<>();

  private Gate(
      HostView host,
      Map<RuleKey, Protection> negotiated,
      Set<RuleKey> byAccount,
      List<IpAddress> verified,
      Optional<NatDoors> nat,
      int diagnostics) {
    this.host = host;
    this.negotiated = negotiated;
    this.byAccount = byAccount;
    this.verified = verified;
    this.nat = nat;
    this.diagnostics = diagnostics;
  }

  /// Which packets a chain is for.
  private enum Side {
    BOTH(""),
    ARRIVING("_in"),
    LEAVING("_out");

    private final String suffix;

    Side(String suffix) {
      this.suffix = suffix;
    }
  }

  /// Which ends of a packet are this host.
  private enum Ours {
    NONE("entries"),
    SOURCE("from_me"),
    DESTINATION("to_me"),
    BOTH("itself");

    private final String chain;

    Ours(String chain) {
      this.chain = chain;
    }

    boolean concerns(Shape shape) {
      boolean from = shape.source().kind() == Shape.Kind.ME;
      boolean to = shape.destination().kind() == Shape.Kind.ME;
      return switch (this) {
        case NONE -> !from && !to;
        case SOURCE -> !to;
        case DESTINATION -> !from;
        case BOTH -> true;
      };
    }
  }

  /// Entries that are counted together: those of one rule. The action is part of it because nothing
  /// keeps a policy from giving two rules one id.
  public record RuleKey(Store store, String ruleId, SpdAction action, Passage passage) {
    public static RuleKey of(SpdEntry entry) {
      return new RuleKey(
          entry.origin().store(), entry.origin().ruleId(), entry.action(), entry.passage());
    }

    public boolean tunnel() {
      return passage != Passage.DIRECT;
    }
  }

  /// Which packets of a rule are protected where this host sends or receives them.
  public enum Ways {
    BOTH,
    /// Those of a tunnel that go in at this host: they arrive in clear, and must not leave so.
    OUT,
    /// Those of a tunnel that come out at this host: they go on in clear, and must not arrive so.
    IN
  }

  /// @param reqids of the associations that protect a rule's packets
  public record Protection(List<Long> reqids, Ways ways) {
    public Protection {
      reqids = List.copyOf(reqids);
    }
  }

  /// @param table empty when there is nothing to enforce
  /// @param counters which counter is whose: it counts what a rule drops
  /// @param clear likewise, for what a rule lets pass unsecured although it would secure it
  public record Rendered(
      Optional<NftTable> table, Map<RuleKey, String> counters, Map<RuleKey, String> clear) {
    public Rendered {
      counters = Map.copyOf(counters);
      clear = Map.copyOf(clear);
    }
  }

  public static Rendered render(Spd spd, HostView host) {
    return render(spd, host, Map.of(), 0);
  }

  /// @param negotiated the rules that are
  public static Rendered render(
      Spd spd, HostView host, Map<RuleKey, Protection> negotiated, int diagnostics) {
    return render(spd, host, negotiated, Set.of(), List.of(), Optional.empty(), diagnostics);
  }

  /// @param negotiated the rules that are
  /// @param byAccount those of them whose peers need more than an association: to be verified
  /// @param verified the peers that are
  /// @param nat how hosts behind NATs are kept apart; empty when nothing is negotiated with any
  /// @param diagnostics the host setting `ipsecDiagnostics`: 2 is for what is dropped on its way
  ///   in, 4 for what is on its way out
  public static Rendered render(
      Spd spd,
      HostView host,
      Map<RuleKey, Protection> negotiated,
      Set<RuleKey> byAccount,
      List<IpAddress> verified,
      Optional<NatDoors> nat,
      int diagnostics) {
    boolean idle = nat.filter(doors -> !doors.equals(NatDoors.NONE)).isEmpty();
    if (spd.entries().isEmpty() && idle) return new Rendered(Optional.empty(), Map.of(), Map.of());
    return new Gate(host, negotiated, byAccount, verified, nat, diagnostics).render(spd);
  }

  private Rendered render(Spd spd) {
    Side arriving = negotiated.isEmpty() ? Side.BOTH : Side.ARRIVING;
    Side leaving = negotiated.isEmpty() ? Side.BOTH : Side.LEAVING;
    spd.entries().forEach(entry -> verdict(entry, arriving)); // numbers the rules in SPD order
    Lookups.Target target =
        passes()
            ? entry -> List.of(verdict(entry, arriving), verdict(entry, leaving))
            : entry -> verdict(entry, arriving);
    var lookups = Lookups.of(spd.entries(), target);
    var entries = new ArrayList<NftChain>();
    entries.addAll(entries(lookups, arriving, ""));
    if (leaving != arriving) entries.addAll(entries(lookups, leaving, ""));
    entries.addAll(through(spd, Side.ARRIVING, Ways.IN));
    entries.addAll(through(spd, Side.LEAVING, Ways.OUT));
    var exempt = new ArrayList<NftRule>();
    boolean tunnels = spd.entries().stream().anyMatch(SpdEntry::tunnel);
    if (tunnels) exempt.add(NftRule.of(new Verdict.Jump(CARRIER)));
    spd.exemptions().stream()
        .flatMap(exemption -> rules(exemption).stream())
        .distinct()
        .forEach(exempt::add);
    var chains = new ArrayList<NftChain>();
    var allIn = goTo(Ours.NONE, arriving, "");
    NftRule redirected = NftRule.of(allIn, NftMatch.Redirected.REDIRECTED);
    NftRule loopback = NftRule.of(Accept.ACCEPT, NftMatch.Loopback.INCOMING);
    chains.add(base("prerouting", PREROUTING, withNat(true, loopback, NftRule.of(allIn))));
    chains.add(base("input", FILTER, loopback, redirected));
    chains.add(base("forward", FILTER, redirected));
    chains.add(
        base(
            "postrouting",
            POSTROUTING,
            withNat(
                false,
                NftRule.of(Accept.ACCEPT, NftMatch.Loopback.OUTGOING),
                NftRule.of(goTo(Ours.NONE, leaving, "")))));
    nat.ifPresent(doors -> {
      maps.addAll(doors.maps());
      chains.addAll(doors.chains());
    });
    if (tunnels) chains.add(carrier());
    chains.add(new NftChain(EXEMPT, Optional.empty(), exempt));
    chains.addAll(ends);
    chains.addAll(entries);
    return new Rendered(
        Optional.of(
            NftTable.of(
                maps,
                chains,
                Stream.of(
                        counters.values(),
                        clearCounters.values(),
                        nat.isPresent() ? NatDoors.COUNTERS : List.<String>of())
                    .flatMap(Collection::stream)
                    .toList())),
        counters,
        clearCounters);
  }

  private NftRule[] withNat(boolean arriving, NftRule loopback, NftRule rest) {
    return Stream.of(
            Optional.of(loopback), nat.map(doors -> doors.jump(arriving)), Optional.of(rest))
        .flatMap(Optional::stream)
        .toArray(NftRule[]::new);
  }

  private record Asked(Shape shape, List<NftRule> rules) {}

  /// What goes in at one tunnel may come out of another: what one way of a tunnel lets pass is
  /// judged by the tunnels of the other way alone.
  private List<NftChain> through(Spd spd, Side side, Ways ways) {
    if (!passes()) return List.of();
    List<SpdEntry> entries = spd.entries().stream().filter(e -> ways(e) == ways).toList();
    return entries(Lookups.of(entries, entry -> verdict(entry, side)), side, THROUGH);
  }

  private boolean passes() {
    return negotiated.values().stream().anyMatch(protection -> protection.ways() != Ways.BOTH);
  }

  private Ways ways(SpdEntry entry) {
    Protection protection = negotiated.get(RuleKey.of(entry));
    return protection == null ? Ways.BOTH : protection.ways();
  }

  /// What carries a tunnel, and what finds the neighbour that it is sent to.
  private static NftChain carrier() {
    var rules = new ArrayList<NftRule>();
    for (IpFamily family : IpFamily.values()) {
      var matches = new ArrayList<NftMatch>();
      matches.add(new NftMatch.Local(End.DESTINATION));
      tooBig(family, matches);
      rules.add(new NftRule(matches, Optional.empty(), Accept.ACCEPT));
    }
    for (End end : End.values()) {
      var local = new NftMatch.Local(end);
      for (IpProtocol protocol : List.of(IpProtocol.ESP, IpProtocol.AH)) {
        rules.add(NftRule.of(Accept.ACCEPT, local, new NftMatch.Protocol(protocol.number())));
      }
      for (int port : new int[] {500, 4500}) {
        rules.add(
            NftRule.of(
                Accept.ACCEPT,
                local,
                new NftMatch.Protocol(IpProtocol.UDP.number()),
                new NftMatch.Ports(end, PortRange.of(port))));
      }
    }
    rules.add(
        NftRule.of(
            Accept.ACCEPT,
            new NftMatch.Protocol(IpProtocol.ICMPV6.number()),
            NftMatch.NeighbourDiscovery.NEIGHBOUR_DISCOVERY));
    return new NftChain(CARRIER, Optional.empty(), rules);
  }

  private static void tooBig(IpFamily family, List<NftMatch> matches) {
    boolean v4 = family == IpFamily.IPV4;
    matches.add(new NftMatch.Protocol((v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6).number()));
    matches.add(new NftMatch.IcmpType(family, v4 ? 3 : 2));
    if (v4) matches.add(new NftMatch.IcmpCode(4));
    matches.add(NftMatch.Related.RELATED);
  }

  private List<NftChain> entries(List<Lookups.Lookup> lookups, Side side, String more) {
    List<Asked> asked =
        lookups.stream().map(lookup -> new Asked(lookup.shape(), rules(lookup, side))).toList();
    if (asked.stream().allMatch(a -> Ours.NONE.concerns(a.shape()))) {
      return List.of(chain(Ours.NONE, side, more, List.of(), asked));
    }
    NftRule fromMe = NftRule.of(goTo(Ours.SOURCE, side, more), new NftMatch.Local(End.SOURCE));
    NftRule toMe =
        NftRule.of(goTo(Ours.DESTINATION, side, more), new NftMatch.Local(End.DESTINATION));
    NftRule both = NftRule.of(goTo(Ours.BOTH, side, more), new NftMatch.Local(End.DESTINATION));
    return List.of(
        chain(Ours.NONE, side, more, List.of(fromMe, toMe), asked),
        chain(Ours.SOURCE, side, more, List.of(both), asked),
        chain(Ours.DESTINATION, side, more, List.of(), asked),
        chain(Ours.BOTH, side, more, List.of(), asked));
  }

  private static NftChain chain(
      Ours ours, Side side, String more, List<NftRule> first, List<Asked> asked) {
    var rules = new ArrayList<>(first);
    asked.stream().filter(a -> ours.concerns(a.shape())).forEach(a -> rules.addAll(a.rules()));
    return new NftChain(ours.chain + side.suffix + more, Optional.empty(), rules);
  }

  private static Verdict goTo(Ours ours, Side side, String more) {
    return new Verdict.Goto(ours.chain + side.suffix + more);
  }

  private List<NftRule> rules(Lookups.Lookup lookup, Side side) {
    SpdEntry first = lookup.entries().getFirst();
    boolean keyed = lookup.entries().size() > 1;
    Verdict verdict = keyed ? inMap(lookup, side) : verdict(first, side);
    var rules = new ArrayList<NftRule>();
    for (List<NftMatch> matches : matches(first.selector(), keyed)) {
      var all = new ArrayList<NftMatch>();
      if (keyed) commonProtocol(lookup).ifPresent(all::add); // cheaper than the look-up it spares
      all.addAll(matches);
      rules.add(new NftRule(all, Optional.empty(), verdict));
    }
    return rules;
  }

  private static Optional<NftMatch> commonProtocol(Lookups.Lookup lookup) {
    IpProtocol protocol = lookup.entries().getFirst().selector().protocol();
    boolean common =
        !protocol.isAny()
            && lookup.entries().stream().allMatch(e -> e.selector().protocol().equals(protocol));
    return common ? Optional.of(new NftMatch.Protocol(protocol.number())) : Optional.empty();
  }

  private static NftChain base(String point, int priority, NftRule... rules) {
    return NftChain.base(point, point, priority, List.of(rules));
  }

  private Verdict verdict(SpdEntry entry, Side side) {
    if (entry.action() == SpdAction.Permit.PERMIT) return Accept.ACCEPT;
    RuleKey key = RuleKey.of(entry);
    Protection protection = negotiated.getOrDefault(key, new Protection(List.of(), Ways.BOTH));
    List<Long> reqids = protection.reqids();
    String counter =
        counters.computeIfAbsent(
            key,
            rule -> {
              String name = "r" + (counters.size() + 1);
              if (reqids.isEmpty()) {
                ends.add(end(name, END, rule, List.of()));
              } else {
                for (Side one : List.of(Side.ARRIVING, Side.LEAVING)) {
                  if (passes(protection, one)) continue;
                  ends.add(
                      end(name, one.suffix, rule, secured(rule, one == Side.ARRIVING, reqids)));
                }
              }
              return name;
            });
    if (passes(protection, side)) return goTo(Ours.NONE, side, THROUGH);
    return new Verdict.Goto(counter + (reqids.isEmpty() ? END : side.suffix));
  }

  private static boolean passes(Protection protection, Side side) {
    return switch (protection.ways()) {
      case BOTH -> false;
      case OUT -> side == Side.ARRIVING;
      case IN -> side == Side.LEAVING;
    };
  }

  private List<NftRule> secured(RuleKey rule, boolean incoming, List<Long> reqids) {
    var rules = new ArrayList<NftRule>();
    for (long reqid : reqids) {
      var association = new NftMatch.Secured(incoming, reqid);
      if (!byAccount.contains(rule)) {
        rules.add(NftRule.of(Accept.ACCEPT, association));
        continue;
      }
      End peer = incoming ? End.SOURCE : End.DESTINATION;
      for (IpFamily family : IpFamily.values()) {
        List<IpAddress> peers = verified.stream().filter(p -> p.family() == family).toList();
        if (peers.isEmpty()) continue;
        rules.add(NftRule.of(Accept.ACCEPT, NftMatch.Address.of(peer, false, peers), association));
      }
    }
    return rules;
  }

  /// Where the packets of a rule that may drop end.
  private NftChain end(String counter, String suffix, RuleKey rule, List<NftRule> secured) {
    var rules = new ArrayList<NftRule>();
    rules.add(NftRule.of(new Verdict.Jump(rule.tunnel() ? CARRIER : EXEMPT)));
    rules.addAll(secured);
    List<NftRule> drop = dropped(counter, rule);
    switch (rule.action()) {
      case SpdAction.Permit _, SpdAction.Block _ -> rules.addAll(drop);
      case SpdAction.Negotiate(var posture, var usable) -> {
        rules.addAll(usable ? clear(posture, counter, rule) : drop);
      }
    }
    return new NftChain(counter + suffix, Optional.empty(), rules);
  }

  /// What becomes of the clear traffic of a negotiate rule. Multicast is never negotiated, so it is
  /// never clear either.
  private List<NftRule> clear(Posture posture, String counter, RuleKey rule) {
    List<NftRule> first =
        posture == Posture.REQUIRE ? List.of() : dropped(counter, rule, NftMatch.ToMany.TO_MANY);
    List<NftRule> rest =
        switch (posture) {
          case REQUIRE -> dropped(counter, rule);
          case REQUIRE_PASS_THROUGH ->
              Stream.concat(
                      Stream.of(NftRule.counted(clear(counter, rule), Accept.ACCEPT, Way.INBOUND)),
                      dropped(counter, rule).stream())
                  .toList();
          case REQUEST -> List.of(NftRule.counted(clear(counter, rule), Accept.ACCEPT));
        };
    return Stream.concat(first.stream(), rest.stream()).toList();
  }

  /// The counter of what passes although it is not secured.
  private String clear(String counter, RuleKey rule) {
    return clearCounters.computeIfAbsent(rule, _ -> counter + "_clear");
  }

  /// Drops and counts, and tells the log before.
  private List<NftRule> dropped(String counter, RuleKey rule, NftMatch... matches) {
    var rules = new ArrayList<NftRule>();
    boolean in = (diagnostics & 2) != 0;
    boolean out = (diagnostics & 4) != 0;
    if (in || out) {
      var logged = new ArrayList<>(List.of(matches));
      if (in != out) logged.add(in ? Way.INBOUND : Way.OUTBOUND);
      rules.add(new NftRule(logged, Optional.empty(), new Verdict.Log(prefix(counter, rule))));
    }
    rules.add(NftRule.counted(counter, Drop.DROP, matches));
    return rules;
  }

  /// What the directory says is never given to nft as it is: an id counts as a number, or not at
  /// all.
  private static String prefix(String counter, RuleKey rule) {
    String id = rule.ruleId().replaceAll("[{}]", "");
    return "reeve drop " + (GUID.matcher(id).matches() ? id : counter) + " ";
  }

  /// Both sides share a map that says the same on both.
  private Verdict inMap(Lookups.Lookup lookup, Side side) {
    List<NftKey> key = MapKeys.of(lookup.shape());
    var elements = new HashMap<String, Verdict>();
    for (SpdEntry entry : lookup.entries()) {
      elements.put(MapKeys.text(entry.selector()), verdict(entry, side));
    }
    NftMap wanted = NftMap.of("m" + (maps.size() + 1), key, lookup.shape().hasRanges(), elements);
    Optional<NftMap> same =
        maps.stream().filter(map -> map.differenceIn(wanted).isEmpty()).findFirst();
    if (same.isEmpty()) maps.add(wanted);
    return new Verdict.Lookup(key, same.orElse(wanted).name());
  }

  /// @param keyed what is left to match when values are looked up in a map
  private List<List<NftMatch>> matches(Selector selector, boolean keyed) {
    var result = new ArrayList<List<NftMatch>>();
    for (List<NftMatch> link : links(selector.networkType())) {
      for (List<NftMatch> ends : ends(selector, keyed)) {
        var matches = new ArrayList<>(ends);
        if (keyed && !link.isEmpty()) {
          // before the link: after it nft refuses a key of addresses unless their family is known
          selector.family().ifPresent(family -> matches.addFirst(new NftMatch.Family(family)));
        }
        if (!keyed) {
          if (!selector.protocol().isAny()) {
            matches.add(new NftMatch.Protocol(selector.protocol().number()));
          }
          ports(End.SOURCE, selector.sourcePorts(), matches);
          ports(End.DESTINATION, selector.destinationPorts(), matches);
        }
        matches.addAll(link); // last: after it nft takes addresses for those of that link layer
        result.add(List.copyOf(matches));
      }
    }
    return result;
  }

  /// An arriving packet has the network type of the interface it came by, a leaving one of the one
  /// it goes by.
  private static List<List<NftMatch>> links(NetworkType type) {
    int hardware =
        switch (type) {
          case ALL -> 0;
          case LAN -> NftMatch.Link.ETHER;
          case REMOTE -> NftMatch.Link.PPP;
        };
    if (type == NetworkType.ALL) return List.of(List.of());
    return List.of(
        List.of(Way.INBOUND, new NftMatch.Link(true, hardware)),
        List.of(new NftMatch.Link(false, hardware)));
  }

  private List<List<NftMatch>> ends(Selector selector, boolean keyed) {
    boolean me =
        selector.source() == SpdAddress.Me.ME || selector.destination() == SpdAddress.Me.ME;
    if (!me || host.privateAddresses().isEmpty()) {
      return List.of(ends(selector, keyed, List.of()));
    }
    // A list of addresses is of one family, so "me, but not those" is said once for each.
    var result = new ArrayList<List<NftMatch>>();
    for (IpFamily family : IpFamily.values()) {
      if (selector.family().isPresent() && selector.family().get() != family) continue;
      var except = host.privateAddresses().stream().filter(a -> a.family() == family).toList();
      var matches = new ArrayList<NftMatch>();
      if (selector.family().isEmpty() && except.isEmpty()) {
        matches.add(new NftMatch.Family(family));
      }
      matches.addAll(ends(selector, keyed, except));
      result.add(matches);
    }
    return result;
  }

  private static List<NftMatch> ends(Selector selector, boolean keyed, List<IpAddress> except) {
    var matches = new ArrayList<NftMatch>();
    end(End.SOURCE, selector.source(), keyed, except, matches);
    end(End.DESTINATION, selector.destination(), keyed, except, matches);
    return matches;
  }

  private static void end(
      End end, SpdAddress address, boolean keyed, List<IpAddress> except, List<NftMatch> matches) {
    switch (address) {
      case SpdAddress.Any _ -> {}
      case SpdAddress.Me _ -> {
        if (!except.isEmpty()) matches.add(NftMatch.Address.of(end, true, except));
      }
      case SpdAddress.Prefix(var prefix) -> {
        if (prefix.length() == 0) matches.add(new NftMatch.Family(prefix.family()));
        else if (!keyed) matches.add(NftMatch.Address.of(end, AddressRange.of(prefix)));
      }
      case SpdAddress.Range(var range) -> {
        if (!keyed) matches.add(NftMatch.Address.of(end, range));
      }
    }
  }

  private static void ports(End end, PortRange ports, List<NftMatch> matches) {
    if (!ports.isAny()) matches.add(new NftMatch.Ports(end, ports));
  }

  static List<NftRule> rules(Exemption exemption) {
    if (exemption.peers().isEmpty()) return List.of(rule(exemption, List.of()));
    return Stream.of(IpFamily.values())
        .map(family -> exemption.peers().stream().filter(p -> p.family() == family).toList())
        .filter(peers -> !peers.isEmpty())
        .map(peers -> rule(exemption, peers))
        .toList();
  }

  private static NftRule rule(Exemption exemption, List<IpAddress> peers) {
    boolean outbound = exemption.direction() == Direction.OUTBOUND;
    End local = outbound ? End.SOURCE : End.DESTINATION;
    End peer = outbound ? End.DESTINATION : End.SOURCE;
    var matches = new ArrayList<NftMatch>();
    // What the kernel itself sends for IPv6 neighbours has an incoming interface: the outgoing one.
    if (outbound && exemption.isCarrier()) {
      matches.add(new NftMatch.Local(End.SOURCE));
      matches.add(NftMatch.OwnSource.OWN_SOURCE);
    } else if (exemption.kind() != Exemption.Kind.NEIGHBOUR_DISCOVERY) {
      matches.add(outbound ? Way.OUTBOUND : Way.INBOUND);
    }
    if (!peers.isEmpty()) matches.add(NftMatch.Address.of(peer, false, peers));
    if (!exemption.protocol().isAny() && exemption.kind() != Exemption.Kind.PATH_MTU) {
      matches.add(new NftMatch.Protocol(exemption.protocol().number()));
    }
    ports(local, exemption.localPorts(), matches);
    ports(peer, exemption.peerPorts(), matches);
    switch (exemption.kind()) {
      case ALL -> {}
      case ANSWERS -> matches.add(NftMatch.Answer.ANSWER);
      case NEIGHBOUR_DISCOVERY -> matches.add(NftMatch.NeighbourDiscovery.NEIGHBOUR_DISCOVERY);
      case PATH_MTU ->
          tooBig(
              exemption.protocol().equals(IpProtocol.ICMP) ? IpFamily.IPV4 : IpFamily.IPV6,
              matches);
      case MULTICAST -> matches.add(NftMatch.ToMany.TO_MANY);
    }
    return new NftRule(matches, Optional.empty(), Accept.ACCEPT);
  }
}
