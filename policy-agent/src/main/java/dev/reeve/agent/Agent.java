package dev.reeve.agent;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.agent.disk.BundleCache;
import dev.reeve.agent.disk.LastStores;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.RuleFiles;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.http.ServerAddresses;
import dev.reeve.agent.join.MachineId;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.trust.CmsSignatureCheck;
import dev.reeve.trust.Pem;
import dev.reeve.trust.PinnedSigners;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// How an agent is put together. Read top to bottom; that is the architecture.
final class Agent implements Closeable {

  private static final System.Logger LOG = System.getLogger("agent");
  private static final Path ROOT = Path.of("/");
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration PARTING = Duration.ofSeconds(2);

  private final AgentLoop loop;
  private final Optional<Poller> poller;
  private final Optional<Reporter> reporter;
  private final ControlServer control;
  private final List<Thread> threads = new ArrayList<>();

  private Agent(
      AgentLoop loop, Optional<Poller> poller, Optional<Reporter> reporter, ControlServer control) {
    this.loop = loop;
    this.poller = poller;
    this.reporter = reporter;
    this.control = control;
  }

  static Agent build(AgentConfig config, StateDirectory directory, EngineChoice engine)
      throws IOException {
    var clock = InstantSource.system();
    long started = System.nanoTime();
    Supplier<Duration> uptime = () -> Duration.ofNanos(System.nanoTime() - started);
    var random = RandomGenerator.getDefault();
    var problems = new ArrayList<String>();

    Optional<Membership> membership = findMembership(directory, problems);
    var stamp = directory.identityStamp();
    String notJoined = whyNotToAsk(config, membership);
    if (membership.isPresent() && !notJoined.isEmpty()) problems.add(notJoined);
    Optional<AgentLoop.Domain> domain = membership.flatMap(m -> domain(m, directory, problems));
    if (domain.isEmpty() && notJoined.isEmpty()) notJoined = "the identity of this host is broken";
    boolean ask = notJoined.isEmpty();

    var later = new Later();
    var addresses = new ServerAddresses(later::addressesChanged);
    problems.addAll(engine.problems());
    List<Endpoint> servers =
        config.servers().isEmpty()
            ? membership.map(Membership::servers).orElse(List.of())
            : config.servers();

    Optional<HostTls> tls = membership.filter(_ -> ask).map(m -> new HostTls(directory, m));
    Optional<Reporter> reporter =
        tls.map(t -> new Reporter(new HttpPolicyClient(servers, addresses, t), uptime, random));
    var surroundings =
        new AgentLoop.Surroundings(
            new LastStores(directory)::read,
            directory::storesStamp,
            new HostViews(ROOT, addresses, new Names(later::addressesChanged)),
            new RuleFiles(directory.root(), config.run()),
            new LinkWatch(ROOT),
            () -> membershipChanged(directory, stamp, membership));
    AgentState first =
        AgentState.first(engine.name(), Contact.none(clock.instant(), notJoined), problems);
    var loop =
        new AgentLoop(
            engine.engine(),
            domain,
            surroundings,
            new AgentLoop.Timers(LOOK, config.drift(), config.report()),
            first,
            report -> reporter.ifPresent(r -> r.send(report)),
            later::linkChanged,
            clock,
            uptime);
    later.loop = Optional.of(loop);
    engine.credentials().secretsOf(() -> loop.state().kept());

    var facts = new HostFacts(ROOT);
    Optional<Poller> poller =
        tls.map(t ->
            new Poller(
                new HttpPolicyClient(servers, addresses, t),
                domain.orElseThrow().gate(),
                new Poller.Agent(
                    loop::state,
                    later.posting(reporter),
                    facts::read,
                    domain.orElseThrow().cache()::find),
                new CertificateRenewal(directory, membership.orElseThrow(), t::renewed),
                config.longPoll(),
                clock,
                uptime,
                random));
    later.poller = poller;

    var desk = new Desk(loop, poller, notJoined, engine.credentials()::read, clock);
    var control = ControlServer.open(config.run(), desk::answer);
    LOG.log(INFO, "engine={0} state={1}", engine.name(), directory.root());
    problems.forEach(problem -> LOG.log(WARNING, problem));
    return new Agent(loop, poller, reporter, control);
  }

  private static Optional<Membership> findMembership(
      StateDirectory directory, List<String> problems) {
    try {
      return directory.findMembership();
    } catch (IOException e) {
      problems.add("the identity of this host cannot be read; join again: " + e.getMessage());
      LOG.log(ERROR, problems.getLast());
      return Optional.empty();
    }
  }

  /// Empty when this host has an identity that it may use.
  private static String whyNotToAsk(AgentConfig config, Optional<Membership> membership) {
    if (membership.isEmpty()) return "this host has not joined; see 'reeve join --help'";
    boolean copy =
        MachineId.differs(membership.get().machineId(), MachineId.find(config.machineId()));
    // The cached policy stays in force all the same: a copy must not be the open one.
    return copy
        ? "this machine is a copy of the one that joined (its machine id differs); join it again"
        : "";
  }

  private static Optional<AgentLoop.Domain> domain(
      Membership membership, StateDirectory directory, List<String> problems) {
    try {
      var signers =
          PinnedSigners.of(
              Pem.parseCertificates(membership.signers()), Pem.parseCertificate(membership.root()));
      var gate = new BundleGate(new CmsSignatureCheck(signers));
      BundleCache cache = directory.bundles();
      BundleCache.Loaded loaded =
          cache.load(
              membership.host(), membership.epoch(), BuildTime.read(), cacheGate(membership));
      problems.addAll(loaded.problems());
      return Optional.of(new AgentLoop.Domain(gate, cache, loaded));
    } catch (CertificateException | IllegalArgumentException | IOException e) {
      problems.add("the identity of this host is broken; join again: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// What a signer of before signed, and this host kept, stays in force until something newer
  /// comes.
  private static BundleGate cacheGate(Membership membership) throws CertificateException {
    return new BundleGate(
        new CmsSignatureCheck(
            PinnedSigners.of(
                Pem.parseCertificates(membership.signers() + membership.formerSigners()),
                Pem.parseCertificate(membership.root()))));
  }

  private static boolean membershipChanged(
      StateDirectory directory, FileTime stamp, Optional<Membership> membership) {
    if (directory.identityStamp().equals(stamp)) return false;
    try {
      Optional<Membership> now = directory.findMembership();
      return now.isPresent() && membership.filter(before -> before.sameAs(now.get())).isEmpty();
    } catch (IOException e) {
      return false; // half of a copy by hand: look again later
    }
  }

  /// Ties the loop, which is made first, to what is made after it.
  private static final class Later {
    private volatile Optional<AgentLoop> loop = Optional.empty();
    private volatile Optional<Poller> poller = Optional.empty();

    void addressesChanged() {
      loop.ifPresent(l -> l.post(AgentEvent.AddressesChanged.ADDRESSES_CHANGED));
    }

    void linkChanged() {
      poller.ifPresent(Poller::linkChanged);
    }

    Consumer<AgentEvent> posting(Optional<Reporter> reporter) {
      return event -> {
        loop.ifPresent(l -> l.post(event));
        if (event instanceof AgentEvent.ServerState(var contact) && contact.reachable()) {
          reporter.ifPresent(Reporter::serverIsBack);
        }
      };
    }
  }

  /// @return whether to build the agent anew
  boolean run() throws InterruptedException {
    Thread.currentThread().setName("loop");
    loop.start();
    poller.ifPresent(p -> threads.add(started("poller", p::run)));
    reporter.ifPresent(r -> threads.add(started("reporter", r::run)));
    return loop.run();
  }

  private static Thread started(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }

  void stop() {
    boolean unused = loop.post(AgentEvent.Stop.STOP);
  }

  @Override
  public void close() throws IOException {
    poller.ifPresent(Poller::stop);
    reporter.ifPresent(Reporter::stop);
    control.close();
    try {
      for (Thread thread : threads) {
        boolean unused = thread.join(PARTING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
