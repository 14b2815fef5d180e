package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.engine.nft.NftRule.Verdict.Accept;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Passage;
import dev.reeve.model.spd.Shape;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
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

  private static final String THROUGH = "_through";
  private static final String END = "_end";

  private final Matches matches;
  private final Map<RuleKey, Protection> negotiated;
  private final Optional<NatDoors> nat;
  private final Map<RuleKey, String> counters = new LinkedHashMap<>();
  private final RuleEnds ends;
  private final List<NftMap> maps = new ArrayList<>();

  private Gate(
      Matches matches, Map<RuleKey, Protection> negotiated, Optional<NatDoors> nat, RuleEnds ends) {
    this.matches = matches;
    this.negotiated = negotiated;
    this.nat = nat;
    this.ends = ends;
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
  /// @param inAh whether those are ESP, and each needs AH around it
  public record Protection(List<Long> reqids, boolean inAh, Ways ways) {
    static final Protection NONE = new Protection(List.of(), false, Ways.BOTH);

    public Protection {
      reqids = List.copyOf(reqids);
    }

    /// With those of the AH.
    public List<Long> allReqids() {
      return inAh
          ? reqids.stream().flatMap(id -> Stream.of(id, XfrmState.around(id))).toList()
          : reqids;
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
    var matches = new Matches(host.privateAddresses());
    var ends = new RuleEnds(byAccount, verified, diagnostics);
    return new Gate(matches, negotiated, nat, ends).render(spd);
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
    boolean tunnels = spd.entries().stream().anyMatch(SpdEntry::tunnel);
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
    if (tunnels) chains.add(Exempt.carrier());
    chains.add(Exempt.chain(spd.exemptions(), tunnels));
    chains.addAll(ends.chains());
    chains.addAll(entries);
    return new Rendered(
        Optional.of(
            NftTable.of(
                maps,
                chains,
                Stream.of(
                        counters.values(),
                        ends.clearCounters().values(),
                        nat.isPresent() ? NatDoors.COUNTERS : List.<String>of())
                    .flatMap(Collection::stream)
                    .toList())),
        counters,
        ends.clearCounters());
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
    for (List<NftMatch> one : matches.of(first.selector(), keyed)) {
      var all = new ArrayList<NftMatch>();
      if (keyed) commonProtocol(lookup).ifPresent(all::add); // cheaper than the look-up it spares
      all.addAll(one);
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
    Protection protection = negotiated.getOrDefault(key, Protection.NONE);
    List<Long> reqids = protection.reqids();
    String counter =
        counters.computeIfAbsent(
            key,
            rule -> {
              String name = "r" + (counters.size() + 1);
              if (reqids.isEmpty()) {
                ends.add(name, END, rule);
              } else {
                for (Side one : List.of(Side.ARRIVING, Side.LEAVING)) {
                  if (passes(protection, one)) continue;
                  ends.add(name, one.suffix, rule, one == Side.ARRIVING, protection);
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
}
