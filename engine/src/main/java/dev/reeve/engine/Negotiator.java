package dev.reeve.engine;

import dev.reeve.engine.ike.Activity;
import dev.reeve.engine.ike.Charon;
import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.ike.IkeState;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.ike.IkeWatch;
import dev.reeve.engine.ike.PeerFailures;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.negotiate.NatPeers;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Installed;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.PolicyMark;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.status.PeerFailure;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The half of the engine that negotiates: a charon and the kernel's XFRM. What it is not told to
/// do it does not touch.
public final class Negotiator {

  private final Xfrm xfrm;
  private final IkeDaemon daemon;
  private final CharonAccess charon;
  private final NegotiationSteps steps;
  private final Supplier<Credentials> credentials;
  private final InstantSource clock;
  private final IkeWatch watch;
  private final Pairs pairs;
  private final Responses responses;
  private final Unheard unheard;
  private Optional<Path> socket = Optional.empty();
  private boolean hasEsp;
  private boolean used;

  /// @param credentials read anew at each apply: certificates are renewed
  public Negotiator(Xfrm xfrm, IkeDaemon daemon, Supplier<Credentials> credentials) {
    this(xfrm, daemon, credentials, InstantSource.system());
  }

  /// @param clock says when negotiations came to nothing
  public Negotiator(
      Xfrm xfrm, IkeDaemon daemon, Supplier<Credentials> credentials, InstantSource clock) {
    this.xfrm = xfrm;
    this.daemon = daemon;
    this.charon = new CharonAccess(daemon);
    this.unheard = new Unheard(xfrm, clock);
    this.steps = new NegotiationSteps(xfrm, charon, unheard);
    this.credentials = credentials;
    this.clock = clock;
    this.watch = new IkeWatch(clock);
    this.pairs = new Pairs(xfrm, clock);
    this.responses = new Responses(xfrm);
  }

  /// What this host proves itself with.
  ///
  /// @param machine the certificate that Reeve's own CA issued to it
  /// @param others certificates of other CAs
  /// @param keys opens the pre-shared keys that were sealed for this host
  /// @param peers who may associate with this host by its account; empty when nobody said so
  /// @param revocations hosts of Reeve's own CA that count no more; empty when nobody said so
  public record Credentials(
      Optional<IkeIdentity> machine,
      List<IkeIdentity> others,
      Function<SealedSecret, Optional<IkeSecret>> keys,
      Optional<Revocations> revocations,
      Optional<PeerList> peers) {
    public Credentials {
      others = List.copyOf(others);
    }
  }

  Xfrm xfrm() {
    return xfrm;
  }

  /// Starts charon when it does not run.
  Means means() {
    if (!hasEsp) {
      Optional<String> why = xfrm.whyNoEsp();
      if (why.isPresent()) return Means.none(why.get());
      hasEsp = true;
    }
    try {
      Path at = daemon.ensure();
      socket = Optional.of(at);
      watch.hear(at);
      used = true;
      Optional<String> unfit = charon.ask(Charon::whyUnfit);
      if (unfit.isPresent()) return Means.none(unfit.get());
      Credentials now = credentials.get();
      return new Means(
          Optional.empty(),
          xfrm.ownAddresses(),
          xfrm::towards,
          now.machine(),
          now.others(),
          now.keys(),
          now.revocations(),
          now.peers(),
          crl -> crl.hasEnded(clock.instant()));
    } catch (IkeException | ToolException e) {
      return Means.none(String.valueOf(e.getMessage()));
    }
  }

  /// What keeps this host from negotiating, without trying to.
  List<String> missing() {
    return Stream.of(xfrm.whyNoEsp(), daemon.missing()).flatMap(Optional::stream).toList();
  }

  /// How much charon logs, from now on.
  void logging(boolean detailed) throws EngineException {
    try {
      daemon.logging(detailed);
    } catch (IkeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads back what there is; starts no charon when nothing was ever negotiated. Policies may be
  /// there all the same, and a charon: of an earlier life of the agent, which negotiated or had no
  /// nft.
  Installed read(Optional<NftTable> gate) throws EngineException {
    if (!hasEsp && !daemon.runs()) return Installed.of(gate, xfrm.anyPolicies());
    try {
      List<XfrmPolicy> policies = xfrm.policies();
      if (!used && !daemon.runs()) {
        return new Installed(gate, policies, Set.of(), false, IkeState.NONE, steps.unfinished());
      }
      // The kernel first: an association that is made meanwhile is then not taken for a stale one.
      Set<XfrmState> states = new HashSet<>(xfrm.states());
      return new Installed(
          gate, policies, states, xfrm.dropsFirstPackets(), running(), steps.unfinished());
    } catch (ToolException | IkeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private IkeState running() throws IkeException {
    if (socket.isEmpty()) return charon.ask(Charon::read); // one of an earlier life
    try {
      return runningCharon(Charon::read);
    } catch (IkeException e) {
      if (daemon.runs()) throw e;
      return IkeState.NONE;
    }
  }

  /// Never starts one: a charon that was started anew knows no connection, and whoever looks
  /// whether it has gone would find it there.
  private <T> T runningCharon(CharonAccess.Talk<T> talk) throws IkeException {
    if (socket.isEmpty() || !daemon.runs()) throw new IkeException("charon does not run");
    try (Charon charon = Charon.connect(socket.get())) {
      return talk.with(charon);
    }
  }

  void carryOut(EngineStep step) throws EngineException {
    steps.carryOut(step);
  }

  /// Whether charon has gone although something is negotiated: its policies stay in the kernel, but
  /// nobody renews what it made. Or whether something was agreed under terms that are gone: charon
  /// ends what it had begun when they went.
  boolean needsAttention(Negotiations applied) {
    if (!applied.connections().isEmpty() && !daemon.runs()) return true;
    socket.ifPresent(watch::hear);
    boolean associated = watch.takeAssociated();
    boolean halves = pairs.isWaiting() || watch.takeEnded() && !applied.inAh().isEmpty();
    if (!associated && !halves) return false;
    if (associated) renewRoutes(applied);
    try {
      return runningCharon(charon -> {
        List<IkeAssociation> now = charon.associations();
        if (associated) askAgain(now);
        pairs.complete(charon, now, applied);
        responses.wrap(now, applied);
        return !EnginePlan.unfit(now, applied.allReqids()).isEmpty();
      });
    } catch (IkeException e) {
      return false; // whether it runs is looked at anyway
    }
  }

  private void askAgain(List<IkeAssociation> now) {
    try {
      unheard.askAgain(now);
    } catch (ToolException e) {
      // the kernel asks again by itself, later
    }
  }

  /// Makes connections that began in clear go on secured. A socket keeps the route that it found
  /// until the kernel's routes change; it would send in clear to a peer that, by now, drops that.
  /// The kernel takes a policy that is written anew, unchanged, for such a change.
  private void renewRoutes(Negotiations applied) {
    var one = new EnumMap<IpFamily, XfrmPolicy>(IpFamily.class);
    for (XfrmPolicy policy : applied.policies()) {
      boolean requested =
          policy.direction() == XfrmPolicy.Direction.OUT
              && policy.action() instanceof XfrmPolicy.Action.Protect(_, _, _, var required)
              && !required;
      if (requested) one.putIfAbsent(policy.selector().source().family(), policy);
    }
    if (one.isEmpty()) return;
    try {
      xfrm.change(List.copyOf(one.values()), List.of());
    } catch (ToolException e) {
      // the next comparison says what is wrong with the kernel's policies
    }
  }

  /// All of it was carried out.
  void done(Wanted now) {
    steps.done(now);
  }

  /// What charon should be negotiating with from now on.
  void applied(Wanted now) {
    watch.failures().behindNat(now.nat().owners());
    now.nat()
        .refused()
        .forEach(one ->
            watch.failures().sharesNat(one.address().toString(), one.peer(), clock.instant()));
    watch
        .failures()
        .connections(
            now.negotiations().connections().stream()
                .collect(
                    Collectors.toMap(
                        IkeConnection::name,
                        connection ->
                            new PeerFailures.Proposed(
                                connection.proposals(),
                                connection.auth() instanceof IkeAuth.SharedKey))));
  }

  /// What charon and the kernel are doing. A charon that has just gone does nothing.
  ///
  /// @param rules the names of those that share a request id
  Activity activity(Negotiations applied, Map<Long, List<String>> rules) throws EngineException {
    if (!used || !daemon.runs()) return Activity.NONE;
    socket.ifPresent(watch::hear);
    Map<String, String> authentication =
        applied.connections().stream()
            .collect(Collectors.toMap(IkeConnection::name, Negotiator::authentication));
    try (Charon charon = Charon.connect(socket.orElseThrow())) {
      Activity activity =
          charon.activity(
              name -> authentication.getOrDefault(name, ""),
              reqid -> rules.getOrDefault(reqid, List.of()));
      var all = new TreeMap<>(activity.statistics());
      all.putAll(xfrm.statistics());
      return new Activity(activity.mainModes(), activity.quickModes(), all);
    } catch (IkeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String authentication(IkeConnection connection) {
    return switch (connection.auth()) {
      case IkeAuth.Certificate _ -> "certificate";
      case IkeAuth.SharedKey _ -> "pre-shared key";
    };
  }

  List<PeerFailure> failures() {
    socket.ifPresent(watch::hear);
    return watch.failures().all(clock.instant());
  }

  /// Ends main-mode associations, and with them all that were made under them.
  ///
  /// @param peer whose; empty for everybody's
  /// @return how many
  int endAssociations(Optional<IpAddress> peer) throws EngineException {
    if (!used || !daemon.runs()) return 0;
    try {
      return runningCharon(charon -> {
        int ended = 0;
        for (IkeState.IkeAssociation one : charon.read().associations()) {
          boolean meant = peer.isEmpty() || IpAddress.find(one.remoteHost()).equals(peer);
          if (!meant || !one.isOurs()) continue;
          charon.endIke(one.id());
          ended++;
        }
        return ended;
      });
    } catch (IkeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Whether other peers stand now than the gate lets pass, or some that must not.
  boolean peersChanged(Wanted applied) {
    socket.ifPresent(watch::hear);
    boolean moved = watch.takeMoved();
    if (applied.checks().peers().isEmpty() && !moved) return false; // a list is long
    try {
      List<IkeAssociation> now = runningCharon(Charon::associations);
      List<IkeConnection> connections = applied.negotiations().connections();
      NatPeers nat = NatPeers.of(now);
      return !applied.checks().verified(now, connections).equals(applied.verified())
          || now.stream().anyMatch(one -> applied.checks().refuses(one, connections))
          || !nat.doors().equals(applied.nat().doors())
          || !nat.refused().isEmpty();
    } catch (IkeException e) {
      return false; // whoever looks for charon itself will notice
    }
  }

  /// The kernel's policies in short; empty when nothing is negotiated or it cannot be asked.
  Optional<PolicyMark> policyMark() {
    if (!hasEsp) return Optional.empty();
    try {
      return Optional.of(xfrm.mark());
    } catch (ToolException e) {
      return Optional.empty();
    }
  }

  /// Everything of ours out of charon and the kernel's policies.
  void removeAll() throws EngineException {
    Installed installed = read(Optional.empty());
    try {
      xfrm.change(List.of(), installed.policies());
      xfrm.delete(
          installed.states().stream().filter(XfrmState::isLarval).collect(Collectors.toSet()));
      if (!daemon.runs()) return;
      charon.tell(charon -> {
        for (String name : installed.ike().connections().keySet()) charon.unload(name);
        for (var association : installed.ike().associations()) {
          if (association.isOurs()) charon.endIke(association.id());
        }
        for (String id : installed.ike().secrets()) charon.forgetSecret(id);
      });
    } catch (ToolException | IkeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }
}
