package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One host of a lab: its namespace, its agent and what listens on it.
public final class LabHost implements LabEnd {

  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration MONTH = Duration.ofDays(31);
  private static final int FIRST_MARK = 20_000;
  private static final String MARKS = "20000-29999";

  /// Where nobody is: what a spoofed flood comes from is looked at in a capture of its own, or not.
  private static final String EVERYBODY = "(ip and not net 198.18.0.0/15) or ip6";

  private final Lab lab;
  private final HostSpec spec;
  private final Optional<Namespace> namespace;
  private Optional<LabProcess> agent = Optional.empty();
  private Optional<Probe> probe = Optional.empty();
  private Optional<WireTap> tap = Optional.empty();
  private int marks;
  private boolean gate = true;
  private Optional<LabContainer> container = Optional.empty();
  private final Map<String, Path> files = new LinkedHashMap<>();

  LabHost(Lab lab, HostSpec spec, Optional<Namespace> namespace) {
    this.lab = lab;
    this.spec = spec;
    this.namespace = namespace;
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public LabHost host() {
    return this;
  }

  @Override
  public String address(boolean ipv6) {
    return spec.address(ipv6);
  }

  @Override
  public String seenAs(boolean ipv6) {
    return spec.seenAs(ipv6);
  }

  public HostSpec spec() {
    return spec;
  }

  public Path state() {
    return lab.directory().resolve(name()).resolve("state");
  }

  /// Where its certificates are that are not Reeve's.
  public Path certificates() {
    return lab.directory().resolve(name()).resolve("certificates");
  }

  public Path run() {
    return lab.directory().resolve(name()).resolve("run");
  }

  /// Runs a command where this host is, to its end.
  public Command.Output in(List<String> command) throws LabException {
    return Command.run(inside(command));
  }

  /// `reeve …` on this host.
  public Command.Output reeve(List<String> arguments) throws LabException {
    return in(JavaCommand.reeve(arguments));
  }

  public void join(String joinString) throws LabException {
    Command.must(
        inside(JavaCommand.reeve(List.of("join", joinString, "--state", state().toString()))), "");
  }

  /// A certificate for its certificate store, of a CA that is not Reeve's.
  ///
  /// @param ca its name: `CN=Branch CA, O=Workgroup`
  /// @param expired long ago; else it is good for a month
  public void certify(String ca, boolean expired) throws LabException {
    var issuer = new LabCa(lab.directory().resolve("ca-" + Integer.toHexString(ca.hashCode())), ca);
    Instant from = expired ? Instant.parse("2020-01-01T00:00:00Z") : Instant.now();
    issuer.issue(name(), from, from.plus(MONTH), certificates());
  }

  /// What a file that is there on this machine holds for the host's own processes, from now on.
  ///
  /// @param path of the file: `/etc/resolv.conf`
  public void file(String path, String content) throws LabException {
    Path copy = lab.directory().resolve(name()).resolve("etc-" + files.size());
    try {
      Files.createDirectories(copy.getParent());
      Files.writeString(copy, content);
    } catch (IOException e) {
      throw new LabException("cannot write " + copy, e);
    }
    files.put(path, copy);
  }

  /// A file that is there on this machine is not for the host's own processes, from now on.
  public void fileGone(String path) throws LabException {
    Path file = Path.of(path);
    Path parent = file.resolveSibling("").normalize();
    Path copy = lab.directory().resolve(name()).resolve("etc-" + files.size());
    try {
      LabFiles.copy(parent, copy);
      Files.delete(copy.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new LabException("cannot leave out " + path, e);
    }
    files.put(parent.toString(), copy);
  }

  /// From its agent's next start on its charon has one plug-in more than it is told to load.
  public void ikeLoads(String plugin) throws LabException {
    files.put(MorePlugins.CHARON, MorePlugins.script(lab.directory().resolve(name()), plugin));
  }

  public void startAgent() throws LabException {
    List<String> command = agentCommand();
    if (!gate) command = NoGate.behind(lab.directory().resolve(name()), command);
    LabProcess started = lab.start(name(), inside(command));
    agent = Optional.of(started);
    Await.until(
        "the agent of " + name() + " to answer",
        START,
        () -> {
          if (!agentRuns()) {
            throw new LabException(
                "the agent of " + name() + " ended: " + lastLine(started.printed()));
          }
          return find().isPresent();
        });
  }

  /// Starts an agent that has no right of root, and waits until it has ended.
  ///
  /// @return its last word
  public String startWithoutRights() throws LabException {
    var words = new ArrayList<>(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"));
    words.addAll(agentCommand());
    LabProcess started = lab.start(name(), inside(words));
    agent = Optional.of(started);
    Await.until("an agent without rights to end", START, () -> !started.alive());
    return lastLine(started.printed());
  }

  private List<String> agentCommand() throws LabException {
    if (agentRuns()) throw new LabException("the agent of " + name() + " runs already");
    var words = new ArrayList<>(List.of("--state", state().toString(), "--run", run().toString()));
    words.addAll(List.of("--certificates", certificates().toString()));
    words.addAll(List.of("--engine", lab.hasPackets() ? "linux" : "dry-run"));
    return JavaCommand.agent(words);
  }

  /// Whether its agent finds an nft that works, or from its next start on one that leaves the gate
  /// without effect.
  public void gate(boolean works) {
    gate = works;
  }

  private static String lastLine(String text) {
    return text.lines().filter(l -> !l.isBlank()).reduce((_, b) -> b).orElse("it said nothing");
  }

  public boolean agentRuns() {
    return agent.filter(LabProcess::alive).isPresent();
  }

  public Optional<LabProcess> agent() {
    return agent;
  }

  public void stopAgent() {
    agent.ifPresent(LabProcess::stop);
  }

  /// As in a power cut, for the agent alone: the kernel keeps its rules.
  public void killAgent() {
    agent.ifPresent(LabProcess::kill);
  }

  /// What the agent says; empty when it does not run.
  public Optional<HostResult> find() {
    return HostResult.ask(run());
  }

  /// Waits until the agent says something.
  ///
  /// @param what completes the sentence "waited 30 s for …"
  public HostResult await(String what, Duration limit, Condition condition) throws LabException {
    var last =
        new Object() {
          Optional<HostResult> result = Optional.empty();
        };
    return Await.value(
        () ->
            what
                + " on "
                + name()
                + "; it says "
                + last.result.map(HostResult::toText).orElse("nothing"),
        limit,
        () -> {
          last.result = find();
          return last.result.filter(condition::holds);
        });
  }

  public interface Condition {
    boolean holds(HostResult result);
  }

  /// A TCP connection from here to a port of another host.
  public Reach connect(LabHost to, int port, Duration limit) throws LabException {
    return connect(to.spec.address(), port, limit);
  }

  /// @param from the port to call from; 0 for any
  public Reach connect(String address, int port, Duration limit, int from) throws LabException {
    return probe().connect(address, port, limit, from);
  }

  /// How many packets came to a UDP port where it answers, since it was last asked.
  public long heard(int port) throws LabException {
    return probe().heard(port);
  }

  /// Answers on a TCP port with this host's name.
  public void listen(int port) throws LabException {
    probe().listen(port, name());
  }

  /// UDP packets from here to a port of another host, so many a second, until [#calm].
  public void flood(LabHost to, int port, int perSecond) throws LabException {
    probe().flood(to.spec.address(), port, perSecond);
  }

  /// How far the flood from here is.
  public Probe.Flooded flooded() throws LabException {
    return probe().flooded();
  }

  /// Ends the flood from here.
  public Probe.Flooded calm() throws LabException {
    return probe().calm();
  }

  /// Takes the packets of floods to a UDP port.
  public void catchFloods(int port) throws LabException {
    probe().catchOn(port);
  }

  /// Forgets what got through of another host's floods so far: the numbers of the next begin anew.
  public void forgetCaught(int port, LabHost sender) throws LabException {
    probe().forget(port, sender.spec.address());
  }

  /// What got through of another host's flood.
  ///
  /// @param from, to numbers of packets, both included
  public Probe.Caught caught(int port, LabHost sender, long from, long to) throws LabException {
    return probe().caught(port, sender.spec.address(), from, to);
  }

  /// Opens a connection to a port that echoes, and keeps it talking.
  public void hold(String address, int port) throws LabException {
    probe().hold(address, port);
  }

  /// @return how many lines came back on the connection that is held
  public long held() throws LabException {
    return probe().held();
  }

  /// As far as its network is concerned this host is started anew: agent and charon are gone, the
  /// link was down, the kernel knows no rule, policy or association, and `/run` is empty.
  ///
  /// @param rules whether the packaged unit loads the rules for boot, before the link is up
  public void boot(boolean rules) throws LabException {
    killAgent();
    ike().killIfThere();
    atBoot().restart(spec, rules);
  }

  /// nftables.service is reloaded, with rules of somebody else that begin with a flush.
  public void reloadNftables() throws LabException {
    atBoot().reloadNftables();
  }

  private LabBoot atBoot() throws LabException {
    return new LabBoot(namespace(), state(), run(), lab.directory().resolve(name()));
  }

  @Override
  public Probe probe() throws LabException {
    if (probe.isEmpty()) probe = Optional.of(lab.probe(namespace()));
    return probe.get();
  }

  @Override
  public int look() throws LabException {
    if (tap.isEmpty()) tap = Optional.of(lab.keep(lab.network().tap(spec, EVERYBODY)));
    settle(tap.get());
    return tap.get().place();
  }

  /// As [LabEnd#seen] over IPv4.
  public List<WireTap.Packet> seen(LabHost other, int since) throws LabException {
    return seen(other, false, since);
  }

  /// @param own this host, or the container behind it
  List<WireTap.Packet> seen(LabEnd own, LabEnd other, boolean ipv6, int since) throws LabException {
    WireTap wire = tap.orElseThrow(() -> new LabException("nobody looks at " + name()));
    settle(wire);
    wire.requireWhole();
    var seen = new ArrayList<>(wire.between(own.address(ipv6), other.seenAs(ipv6), since));
    if (own == this && other == other.host()) return seen;
    for (boolean outer : List.of(false, true)) {
      wire.between(address(outer), other.host().seenAs(outer), since).stream()
          .filter(packet -> packet.kind() == WireTap.Packet.Kind.SECURED)
          .forEach(seen::add);
    }
    return seen;
  }

  /// A capture of its own, of clear packets alone: a secured flood costs it nothing.
  ///
  /// @param which of them, in tcpdump's words
  public WireTap lookForClear(String which) throws LabException {
    String marks = "src host " + HostSpec.SERVER.address() + " and udp and dst portrange " + MARKS;
    String clear = "(" + which + ") and not esp and not ah";
    WireTap wire = lab.keep(lab.network().tap(spec, "(" + clear + ") or (" + marks + ")"));
    settle(wire);
    return wire;
  }

  /// How many packets such a capture has seen until now.
  public long count(WireTap wire) throws LabException {
    settle(wire);
    wire.requireWhole();
    return wire.countBeside(HostSpec.SERVER.address());
  }

  /// The kinds of packets that such a capture has seen until now.
  public Set<WireTap.Packet> kinds(WireTap wire) throws LabException {
    settle(wire);
    wire.requireWhole();
    return wire.kinds().stream()
        .filter(packet -> !packet.from().equals(HostSpec.SERVER.address()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// Until the capture tells of a packet that was sent just now.
  private void settle(WireTap wire) throws LabException {
    int port = FIRST_MARK + marks++ % 10_000;
    int since = wire.place();
    lab.server().mark(spec.address(), port);
    wire.awaitMark("> " + spec.address() + "." + port + ":", since);
  }

  /// The charon of its agent is killed; the agent is told nothing.
  public void killIke() throws LabException {
    ike().kill();
  }

  /// Until its agent has a charon that answers.
  public void awaitIke(Duration limit) throws LabException {
    LabIke ike = ike();
    Await.until("a charon on " + name() + " that answers", limit, ike::answers);
  }

  /// Until that charon has associations: what an earlier one made may carry traffic for a while.
  public void awaitAssociations(Duration limit) throws LabException {
    LabIke ike = ike();
    Await.until("associations of the charon on " + name(), limit, ike::hasAssociations);
  }

  /// All its associations end, on both sides.
  public void forgetAssociations() throws LabException {
    var peers = new ArrayList<LabIke>();
    for (LabHost peer : lab.hosts()) if (peer != this) peers.add(peer.ike());
    ike().forget(spec.address(), peers);
  }

  /// Until all associations that carry traffic have other keys than now, of both kinds.
  public void awaitNewKeys(Duration limit) throws LabException {
    ike().awaitNewKeys(limit);
  }

  public LabIke.Memory ikeMemory() throws LabException {
    return ike().memory();
  }

  private LabIke ike() throws LabException {
    return new LabIke(namespace(), run().resolve("ike"));
  }

  /// What its charon has logged, if there is one.
  Optional<Path> ikeLog() {
    Path log = run().resolve("ike").resolve("log");
    return Files.exists(log) ? Optional.of(log) : Optional.empty();
  }

  /// Publishes a port of a container behind this host, as container engines do. The container is
  /// made when it is first named; a host has one.
  public void publish(String name, int hostPort, int containerPort) throws LabException {
    if (container.isEmpty()) container = Optional.of(LabContainer.behind(this, lab, name));
    if (!container.get().name().equals(name))
      throw new LabException(name() + " has its container already");
    container.get().publish(hostPort, containerPort);
  }

  Optional<LabContainer> container() {
    return container;
  }

  public Namespace namespace() throws LabException {
    return namespace.orElseThrow(() -> new LabException(name() + " has no namespace"));
  }

  public Optional<Namespace> findNamespace() {
    return namespace;
  }

  /// `ip netns exec` gives each process mounts of its own.
  private List<String> inside(List<String> command) {
    var words = new ArrayList<String>();
    files.forEach((path, copy) -> {
      String script = "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"";
      words.addAll(List.of("sh", "-c", script, copy.toString(), path));
    });
    words.addAll(command);
    return namespace.map(n -> n.inside(words)).orElse(command);
  }
}
