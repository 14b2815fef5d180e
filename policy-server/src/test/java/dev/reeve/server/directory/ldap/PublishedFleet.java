package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.CurrentSnapshot.View;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.DirectoryStart;
import dev.reeve.server.directory.MovableClock;
import dev.reeve.server.directory.PictureFile;
import dev.reeve.server.directory.PictureKeeper;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.hosts.RegisteredHosts;
import dev.reeve.server.publish.Publisher;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.rsop.RsopContents;
import dev.reeve.server.secrets.Vault;
import dev.reeve.server.store.Database;
import dev.reeve.server.store.JdbcHostFacts;
import dev.reeve.server.store.JdbcHosts;
import dev.reeve.server.store.JdbcLedger;
import dev.reeve.server.store.JdbcObjectStore;
import dev.reeve.server.store.JdbcPolicyMemory;
import dev.reeve.server.store.JdbcRevocationStore;
import dev.reeve.server.withdrawal.BrakeRule;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import dev.reeve.trust.Authority;
import dev.reeve.trust.CmsSignatureCheck;
import dev.reeve.trust.CmsSigner;
import dev.reeve.trust.PinnedSigners;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A policy server without its ports, which can be stopped and started again on what it keeps, and
/// the computers of its directory that have a policy, as hosts that poll and hold on to what they
/// are given.
final class PublishedFleet implements AutoCloseable {

  private static final String EPOCH = "e".repeat(32);
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Path state;
  private final MovableClock clock = MovableClock.running();
  private final JdbcClient jdbc;
  private final Authority authority;
  private final dev.reeve.trust.Identity signer;
  private final Map<HostId, String> hosts = new HashMap<>();
  private final Map<HostId, Digest> held = new HashMap<>();
  private Optional<Running> running = Optional.empty();

  private record Running(
      CurrentSnapshot snapshot,
      LdapSource source,
      PictureKeeper keeper,
      WithdrawalBrake brake,
      RsopContents contents,
      Publisher publisher) {}

  PublishedFleet(Path state) throws Exception {
    this.state = state;
    var database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Database.migrate(database);
    jdbc = JdbcClient.create(database);
    authority = Authority.openOrCreate(state.resolve("trust"), clock.instant(), new SecureRandom());
    signer = authority.issueSigner("1", clock.instant(), Duration.ofDays(365));
  }

  private Path picture() {
    return state.resolve("directory.picture");
  }

  /// Waits until there is a picture to start from.
  void awaitSaved() throws InterruptedException {
    await("a saved picture", _ -> Files.exists(picture()));
  }

  void forgetSaved() throws Exception {
    Files.delete(picture());
  }

  /// How old the picture is of which it answers.
  Duration age() {
    return now().snapshot.view().orElseThrow().age(clock.instant());
  }

  /// Later by that much, from now on.
  void pass(Duration time) {
    clock.pass(time);
  }

  /// @throws DirectoryException as the server would
  void start(LdapConfig config) throws Exception {
    var file =
        new PictureFile(
            picture(),
            new Vault(new byte[Vault.KEY_BYTES]),
            config.baseDn(),
            List.of("the one directory of this test"));
    var vault = new Vault(new byte[Vault.KEY_BYTES]);
    var snapshot = new CurrentSnapshot(vault, clock);
    var source = new LdapSource(config);
    try {
      DirectoryStart.start(source, snapshot, Optional.of(file));
    } catch (DirectoryException e) {
      source.close();
      snapshot.close();
      throw e;
    }
    var memory = new JdbcPolicyMemory(jdbc);
    var brake = new WithdrawalBrake(memory, BrakeRule.DEFAULT, clock);
    var contents =
        new RsopContents(
            snapshot,
            new RegisteredHosts(new JdbcHosts(jdbc), new JdbcHostFacts(jdbc)),
            brake,
            (_, _, _) -> Optional.empty(),
            new RevocationLists(
                new JdbcRevocationStore(jdbc), (_, _, _, _) -> new byte[] {1}, List.of(), clock));
    var publisher =
        new Publisher(
            contents,
            new JdbcLedger(jdbc),
            new JdbcObjectStore(jdbc),
            memory,
            new CmsSigner(signer)::sign,
            new BundleGate(
                new CmsSignatureCheck(PinnedSigners.of(signer.chain(), authority.root()))),
            clock);
    running =
        Optional.of(
            new Running(
                snapshot, source, new PictureKeeper(snapshot, file), brake, contents, publisher));
    await("a first picture", _ -> true);
  }

  void stop() {
    running.ifPresent(r -> {
      r.keeper.close();
      r.source.close();
      r.brake.close();
      r.snapshot.close();
    });
    running = Optional.empty();
  }

  private Running now() {
    return running.orElseThrow(() -> new AssertionError("the server does not run"));
  }

  WithdrawalBrake brake() {
    return now().brake;
  }

  RsopContents contents() {
    return now().contents;
  }

  /// Waits until the picture is like that.
  void await(String what, Predicate<View> wanted) throws InterruptedException {
    long began = System.nanoTime();
    while (now().snapshot.view().filter(wanted).isEmpty()) {
      if (System.nanoTime() - began > PATIENCE_NANOS)
        throw new AssertionError(
            "not seen: " + what + "; " + now().snapshot.view().flatMap(View::outage));
      Thread.sleep(20);
    }
  }

  /// Every computer that has a policy joins and polls.
  void joinAll() {
    View view = now().snapshot.view().orElseThrow();
    var known = new JdbcHosts(jdbc);
    for (Computer computer : view.snapshot().computers().values()) {
      if (!(view.rsop().resolve(RsopQuery.of(computer.dn())).assignment()
          instanceof PolicyResult.Assigned)) continue;
      var id = new HostId("%032x".formatted(hosts.size() + 1));
      hosts.put(id, computer.dn().toString());
      assertThat(
              known.add(
                  new Host(
                      id,
                      EPOCH,
                      computer.guid().orElseThrow(),
                      computer.dn().toString(),
                      computer.name(),
                      clock.instant(),
                      Digest.of(new byte[0]),
                      BigInteger.ONE,
                      clock.instant().plus(Duration.ofDays(90)),
                      Optional.empty())))
          .isTrue();
    }
    poll();
    assertThat(held).as("hosts with policy").hasSizeGreaterThan(15);
  }

  /// Every host asks and does as it is told: nothing where the server does not know.
  void poll() {
    for (HostId host : hosts.keySet()) {
      Manifest manifest =
          now().publisher.find(host, EPOCH, Optional.empty()).orElseThrow().manifest();
      switch (manifest.policy()) {
        case Part.Content(var digest) -> held.put(host, digest);
        case Part.None _ -> held.remove(host);
        case Part.Unknown _ -> {}
      }
    }
  }

  /// What each host enforces now, by the computer's name.
  Map<String, Digest> held() {
    var named = new HashMap<String, Digest>();
    held.forEach((host, digest) -> named.put(hosts.get(host), digest));
    return named;
  }

  /// Those whose server says that it has a policy for them, by name.
  List<String> assigned() {
    var found = new ArrayList<String>();
    hosts.forEach((host, name) -> {
      if (now().publisher.find(host, EPOCH, Optional.empty()).orElseThrow().manifest().policy()
          instanceof Part.Content) found.add(name);
    });
    return found;
  }

  @Override
  public void close() {
    stop();
  }
}
