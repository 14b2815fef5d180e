package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// A policy server and a few hosts on this machine, and nothing of them left when it is closed.
///
/// With namespaces, each host and the server have their own and real packets pass between them; the
/// machine's own namespace is not touched, and the server is reached at 127.0.0.1 through relays.
/// Without, everything is a plain process on 127.0.0.1 and agents run the dry run. What labs of
/// processes that were killed have left is cleared away first.
public final class Lab implements AutoCloseable {

  private final String prefix;
  private final Path directory;
  private final LabClaim claim;
  private final LabNetwork network;
  private final boolean packets;
  private final List<LabProcess> processes = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, LabHost> hosts = new LinkedHashMap<>();
  private final LabServer server;
  private final Thread atExit = new Thread(this::close, "lab-at-exit");
  private List<String> leftovers = List.of();
  private boolean closed;

  private Lab(String prefix, Path directory, boolean packets, Domain domain) throws LabException {
    this.prefix = prefix;
    this.directory = directory;
    this.claim = claim(directory);
    this.packets = packets;
    this.network = new LabNetwork(prefix);
    this.server = new LabServer(this, domain);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Hosts in network namespaces, real packets. Needs root on Linux, see [Tools].
  public static Lab withNamespaces(Domain domain, List<HostSpec> hosts) throws LabException {
    return open(true, domain, hosts);
  }

  /// Plain processes on 127.0.0.1, dry run.
  public static Lab onLoopback(Domain domain, List<HostSpec> hosts) throws LabException {
    return open(false, domain, hosts);
  }

  private static Lab open(boolean packets, Domain domain, List<HostSpec> hosts)
      throws LabException {
    for (String left : Leftovers.clear(parent())) {
      System.err.println("cleared away what a lab left that was killed: " + left);
    }
    String name = "reeve-%04x".formatted(ThreadLocalRandom.current().nextInt(1 << 16));
    var lab = new Lab(name + "-", makeDirectory(name), packets, domain);
    try {
      lab.build(hosts);
      return lab;
    } catch (LabException | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  private static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
  }

  private static LabClaim claim(Path directory) throws LabException {
    try {
      return LabClaim.take(directory);
    } catch (IOException e) {
      LabFiles.remove(directory);
      throw new LabException("cannot claim " + directory, e);
    }
  }

  private static Path makeDirectory(String name) throws LabException {
    try {
      Path directory = parent().resolve(name);
      // Refuses a directory that is there. What is secret in it is kept so by the product.
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new LabException("cannot make a temporary directory", e);
    }
  }

  private synchronized void build(List<HostSpec> specs) throws LabException {
    if (packets) {
      network.addSwitch();
      server.settleIn(network.plugIn(HostSpec.SERVER));
    } else {
      server.settleOnLoopback();
    }
    for (HostSpec spec : specs) {
      Optional<Namespace> namespace =
          packets ? Optional.of(network.plugIn(spec)) : Optional.empty();
      hosts.put(spec.name(), new LabHost(this, spec, namespace));
    }
  }

  /// Whether packets pass between the hosts.
  public boolean hasPackets() {
    return packets;
  }

  public LabServer server() {
    return server;
  }

  public LabHost host(String name) throws LabException {
    LabHost host = hosts.get(name);
    if (host == null) throw new LabException("no host " + name + " in this lab");
    return host;
  }

  /// Of a host, or of the router `nat`.
  public Namespace namespace(String name) throws LabException {
    Optional<Namespace> router = name.equals(LabNetwork.NAT) ? network.findNat() : Optional.empty();
    return router.isPresent() ? router.get() : host(name).namespace();
  }

  /// A host, or the container of that name behind one.
  public LabEnd end(String name) throws LabException {
    Optional<LabContainer> container =
        hosts.values().stream()
            .flatMap(host -> host.container().stream())
            .filter(behind -> behind.name().equals(name))
            .findFirst();
    return container.isPresent() ? container.get() : host(name);
  }

  public Collection<LabHost> hosts() {
    return hosts.values();
  }

  public Path directory() {
    return directory;
  }

  public Path logs() {
    return directory.resolve("logs");
  }

  LabNetwork network() {
    return network;
  }

  /// Starts a process that this lab ends.
  synchronized LabProcess start(String name, List<String> command) throws LabException {
    refuseWhenClosed();
    LabProcess process = LabProcess.start(name, command, logs().resolve(name + ".log"));
    processes.add(process);
    return process;
  }

  /// Starts a process to compare ours with; ends with the lab.
  public LabProcess startPeer(String name, List<String> command) throws LabException {
    return start(name, command);
  }

  synchronized Probe probe(Namespace namespace) throws LabException {
    refuseWhenClosed();
    return keep(Probe.start(namespace, logFile()));
  }

  /// A probe that runs as the user `nobody`, in the machine's own namespace. Needs root.
  public synchronized Probe outsider() throws LabException {
    refuseWhenClosed();
    Path classes = directory.resolve("outsider");
    try {
      Path own = Path.of(JavaCommand.ownJar(ProbeMain.class));
      if (Files.isDirectory(own)) LabFiles.copy(own, classes);
      else Files.copy(own, classes, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LabException("cannot copy classes for user nobody", e);
    }
    return keep(Probe.startAsNobody(classes, logFile()));
  }

  private Path logFile() throws LabException {
    try {
      return Files.createDirectories(logs()).resolve("probes.log");
    } catch (IOException e) {
      throw new LabException("cannot make " + logs(), e);
    }
  }

  synchronized <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  private void refuseWhenClosed() throws LabException {
    if (closed) throw new LabException("the lab is closed");
  }

  /// Copies all logs written so far.
  public void keepLogs(Path target) throws LabException {
    if (!Files.isDirectory(logs())) return;
    try {
      LabFiles.copy(logs(), target);
      for (LabHost host : hosts.values()) {
        Optional<Path> ike = host.ikeLog();
        if (ike.isEmpty()) continue;
        Path copy = target.resolve(host.name() + "-ike.log");
        Files.copy(ike.get(), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new LabException("cannot keep the logs in " + target, e);
    }
  }

  /// Ends every process, then removes namespaces, with all that is in them, and files. Runs once,
  /// also at Ctrl-C.
  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    processes.forEach(LabProcess::askToStop);
    processes.forEach(LabProcess::stop);
    for (AutoCloseable resource : open.reversed()) closeQuietly(resource);
    for (long pid : packets ? network.processes() : List.<Long>of()) {
      // Children of our children; a namespace of ours holds nobody else's.
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (packets) network.remove();
    LabFiles.remove(directory);
    claim.close();
    leftovers = look();
    if (Thread.currentThread() == atExit) {
      leftovers.forEach(left -> System.err.println("left behind: " + left));
    } else {
      forgetHook();
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      System.err.println("closing " + resource + ": " + e);
    }
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The machine is going down already and the hook finds us closed.
    }
  }

  private List<String> look() {
    var found = new ArrayList<String>();
    processes.stream().filter(LabProcess::alive).forEach(p -> found.add(p.toString()));
    if (Files.exists(directory)) found.add("directory " + directory);
    if (packets) found.addAll(network.leftovers());
    return List.copyOf(found);
  }

  /// What [#close] could not remove: processes, namespaces, files. Empty is how it should be.
  public synchronized List<String> leftovers() {
    return leftovers;
  }

  @Override
  public String toString() {
    return "lab " + prefix;
  }
}
