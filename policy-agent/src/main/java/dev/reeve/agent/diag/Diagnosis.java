package dev.reeve.agent.diag;

import static dev.reeve.agent.diag.Finding.notOk;
import static dev.reeve.agent.diag.Finding.ok;
import static dev.reeve.agent.diag.Finding.skipped;

import dev.reeve.agent.control.ControlClient;
import dev.reeve.agent.control.ControlException;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.http.HttpRequest;
import dev.reeve.agent.http.HttpResponse;
import dev.reeve.agent.http.ServerAddresses;
import dev.reeve.agent.http.ServerConnection;
import dev.reeve.agent.http.Servers;
import dev.reeve.engine.XfrmEngine;
import dev.reeve.engine.ike.CharonCheck;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.nft.NftException;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.net.IpAddress;
import dev.reeve.trust.KeyPairs;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/// What `reeve diag` finds out about a host.
public final class Diagnosis {

  private static final Duration MOST_SKEW = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofDays(14);
  private static final Duration LOOK_UP = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int IKE_PORT = 500;

  private final Path state;
  private final Path run;
  private final Optional<IpAddress> peer;
  private final Host host;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  public interface Resolver {
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  public interface Ike {
    /// @return what the peer answered, in words; empty when it said nothing
    Optional<String> ask(InetAddress peer) throws IOException;
  }

  /// What is tried out beside files and the agent.
  ///
  /// @param tls sockets with this host's certificate, which believe the pinned issuer alone
  /// @param charon judged by the socket where ours takes commands
  public record Host(
      Function<Membership, Function<Endpoint, SSLSocketFactory>> tls,
      Resolver names,
      Nft nft,
      Xfrm xfrm,
      Function<Path, CharonCheck.Result> charon,
      Ike ike,
      InstantSource clock) {

    public static Host here(Function<Membership, Function<Endpoint, SSLSocketFactory>> tls) {
      var probe = new IkeProbe(RandomGenerator.getDefault());
      return new Host(
          tls,
          InetAddress::getAllByName,
          Nft.onThisHost(),
          new Xfrm(List.of()),
          CharonCheck::of,
          peer -> probe.ask(peer, IKE_PORT),
          InstantSource.system());
    }
  }

  public Diagnosis(Path state, Path run, Optional<IpAddress> peer, Host host) {
    this.state = state;
    this.run = run;
    this.peer = peer;
    this.host = host;
    this.clock = host.clock();
  }

  /// In the order in which they were tried.
  public List<Finding> findings() {
    Optional<JsonObject> sight = agent();
    Optional<Membership> membership = identity();
    dns(membership);
    membership.ifPresentOrElse(
        this::server,
        () -> {
          findings.add(skipped("server", "there is no identity to ask one with"));
          findings.add(skipped("clock", "there is no server to compare it with"));
        });
    findings.addAll(
        sight
            .map(seen -> CrlFindings.of(JsonMembers.of("$", seen), clock.instant()))
            .orElseGet(() -> List.of(skipped("crl", "no agent says what is in force"))));
    nft();
    esp();
    charon();
    peer.ifPresent(address -> peer(address, sight));
    return List.copyOf(findings);
  }

  private Optional<JsonObject> agent() {
    try {
      JsonObject sight = new ControlClient(run).sight();
      JsonMembers in = JsonMembers.of("$", sight);
      String engine = in.findString("engine").orElse("");
      String problem = in.findString("problem").orElse("");
      boolean failed = in.findString("outcome").orElse("").equals("failed");
      if (!problem.isEmpty() || failed) {
        findings.add(
            notOk(
                "agent",
                failed ? in.findString("detail").orElse("") : problem,
                "see 'reeve gpresult' and the agent's log"));
      } else if (engine.equals("xfrm")) {
        findings.add(notOk("agent", XfrmEngine.REASON, "install it, and start the agent anew"));
      } else if (!engine.equals("linux")) {
        findings.add(
            notOk(
                "agent",
                "it runs the " + engine + " engine: nothing is enforced",
                "run it as root with --engine linux, and see below for what is missing"));
      } else {
        findings.add(ok("agent", "runs, and the kernel holds what it should"));
      }
      return Optional.of(sight);
    } catch (ControlException e) {
      findings.add(
          notOk("agent", String.valueOf(e.getMessage()), "start it, and ask as root: reeve agent"));
      return Optional.empty();
    }
  }

  private Optional<Membership> identity() {
    if (!Files.exists(state)) {
      findings.add(skipped("identity", state + " is not there: this host has not joined"));
      return Optional.empty();
    }
    if (!Files.isReadable(state)) {
      findings.add(
          notOk("identity", state + " cannot be read", "ask as root, or give --state DIR"));
      return Optional.empty();
    }
    try {
      StateDirectory directory = StateDirectory.open(state);
      Optional<Membership> found = directory.findMembership();
      if (found.isEmpty()) {
        findings.add(skipped("identity", "this host has not joined: it lives on its own stores"));
        return found;
      }
      findings.add(certificate(found.get(), directory.key(found.get())));
      return found;
    } catch (IOException | IllegalArgumentException e) {
      findings.add(
          notOk("identity", "it cannot be used: " + e.getMessage(), "join again: reeve join"));
      return Optional.empty();
    }
  }

  /// The chain to the pinned root, its dates, and that the key is the leaf's.
  private Finding certificate(Membership membership, PrivateKey key) {
    List<X509Certificate> chain = new ArrayList<>(Pem.parseCertificates(membership.certificate()));
    chain.add(Pem.parseCertificate(membership.root()));
    Instant now = clock.instant();
    X509Certificate leaf = chain.getFirst();
    String name = "certificate of " + leaf.getSubjectX500Principal().getName();
    try {
      for (int i = 0; i + 1 < chain.size(); i++) {
        chain.get(i).verify(chain.get(i + 1).getPublicKey());
      }
      if (!KeyPairs.isPair(key, leaf.getPublicKey())) {
        return notOk("identity", "the key is not that of the " + name, "join again: reeve join");
      }
    } catch (GeneralSecurityException e) {
      return notOk(
          "identity",
          "the " + name + " does not hang from the pinned root: " + e.getMessage(),
          "join again: reeve join");
    }
    for (X509Certificate one : chain) {
      Instant from = one.getNotBefore().toInstant();
      Instant to = one.getNotAfter().toInstant();
      if (now.isBefore(from) || now.isAfter(to)) {
        return notOk(
            "identity",
            one.getSubjectX500Principal().getName() + " is valid from " + from + " to " + to,
            "set the clock, or let the agent reach a server: it renews an expired certificate");
      }
    }
    Instant ends = leaf.getNotAfter().toInstant();
    if (now.plus(SOON).isAfter(ends)) {
      return notOk(
          "identity",
          "the " + name + " ends " + ends + " and was not renewed",
          "let the agent reach a server; see 'reeve gpresult'");
    }
    return ok("identity", name + ", of the pinned root, valid to " + ends);
  }

  private void dns(Optional<Membership> membership) {
    List<Endpoint> servers = membership.map(Membership::servers).orElse(List.of());
    if (servers.isEmpty()) {
      findings.add(skipped("dns", "there is no name to look up"));
      return;
    }
    for (Endpoint server : servers) {
      findings.add(lookUp(server.host()));
    }
  }

  private Finding lookUp(String name) {
    if (IpAddress.find(name).isPresent()) return ok("dns", name + " is an address");
    var task = new FutureTask<>(() -> host.names().addresses(name));
    Thread.ofVirtual().start(task);
    String advice = "mend /etc/resolv.conf or the server's name; policies with names need it too";
    try {
      InetAddress[] found = task.get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
      return ok("dns", name + " is " + found[0].getHostAddress());
    } catch (TimeoutException e) {
      return notOk("dns", name + ": no answer in " + LOOK_UP.toSeconds() + " s", advice);
    } catch (ExecutionException e) {
      return notOk("dns", name + " does not resolve", advice);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notOk("dns", name + ": interrupted", "");
    }
  }

  /// Reached, with the pinned issuer and the right name; its clock comes with the answer.
  private void server(Membership membership) {
    for (Endpoint endpoint : membership.servers()) {
      var servers =
          new Servers(
              List.of(endpoint), new ServerAddresses(() -> {}), host.tls().apply(membership));
      try (ServerConnection connection = servers.open()) {
        findings.add(ok("server", endpoint + " answers, with a certificate of the pinned issuer"));
        // An object that nobody has: it costs the server nothing, and its answer has a date.
        HttpResponse response =
            connection.exchange(
                HttpRequest.get("/agent/v1/objects/" + "0".repeat(64)), 64 << 10, ANSWER);
        findings.add(clock(response.date()));
      } catch (IOException | UncheckedIOException e) {
        findings.add(
            notOk(
                "server",
                endpoint + ": " + e.getMessage(),
                "is it up, does a firewall drop TCP port "
                    + endpoint.port()
                    + ", has it another certificate? The cached policy stays in force meanwhile"));
      }
    }
  }

  private Finding clock(Optional<Instant> serverTime) {
    if (serverTime.isEmpty()) return skipped("clock", "the server does not say what time it has");
    Duration skew = Duration.between(serverTime.get(), clock.instant());
    String by = Math.abs(skew.toSeconds()) + " s " + (skew.isNegative() ? "behind" : "ahead of");
    return skew.abs().compareTo(MOST_SKEW) <= 0
        ? ok("clock", by + " the server's")
        : notOk(
            "clock",
            by + " the server's: certificates and expiry cannot be judged",
            "set it, by NTP");
  }

  private void nft() {
    try {
      boolean table = host.nft().read().isPresent();
      findings.add(
          ok("nftables", table ? "works, and has our table" : "works; our table is not there"));
    } catch (NftException e) {
      findings.add(
          notOk(
              "nftables",
              String.valueOf(e.getMessage()),
              "ask as root; install the package nftables; a kernel with nf_tables"));
    }
  }

  private void esp() {
    Optional<String> why = host.xfrm().whyNoEsp();
    findings.add(
        why.map(reason ->
                notOk(
                    "esp",
                    reason,
                    "ask as root; a kernel with CONFIG_XFRM_USER, CONFIG_INET_ESP and"
                        + " CONFIG_INET6_ESP. Without it what must be secured is dropped"))
            .orElseGet(() -> ok("esp", "this kernel protects packets")));
  }

  private void charon() {
    CharonCheck.Result result = host.charon().apply(run.resolve("ike").resolve("vici"));
    findings.add(
        switch (result) {
          case CharonCheck.Missing(var detail) ->
              notOk("charon", detail, "install it; the agent takes it up within a minute");
          case CharonCheck.NotStarted(var detail) -> skipped("charon", detail);
          case CharonCheck.Unfit(var detail, var advice) -> notOk("charon", detail, advice);
          case CharonCheck.Fit(var detail) -> ok("charon", detail);
        });
  }

  private void peer(IpAddress address, Optional<JsonObject> sight) {
    if (sight.filter(s -> isSecured(s, address)).isPresent()) {
      findings.add(ok("peer", address + ": an association stands"));
      return;
    }
    String advice =
        "does it run IKE, and does nothing between drop UDP ports 500 and 4500? 'reeve ipsec"
            + " dynamic show stats' says what it answered the agent";
    try {
      Optional<String> answer = host.ike().ask(InetAddress.getByName(address.toString()));
      findings.add(
          answer
              .map(words -> ok("peer", address + ": " + words))
              .orElseGet(() -> notOk("peer", address + ": no answer to IKE in 3 s", advice)));
    } catch (IOException e) {
      findings.add(notOk("peer", address + ": " + e.getMessage(), advice));
    }
  }

  private static boolean isSecured(JsonObject sight, IpAddress peer) {
    return JsonMembers.of("$", sight)
        .object("activity")
        .objects(
            "mainModes",
            sa -> {
              boolean here =
                  sa.string("state").equals("ESTABLISHED")
                      && IpAddress.find(sa.string("remote")).equals(Optional.of(peer));
              var unused = sa.rest();
              return here;
            })
        .contains(true);
  }
}
