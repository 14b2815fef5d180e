package dev.reeve.server.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.EmbeddedSource;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryConfig;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.hosts.RegisteredHosts;
import dev.reeve.server.publish.HostContent;
import dev.reeve.server.publish.HostContent.Content;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.rsop.RsopContents;
import dev.reeve.server.store.Database;
import dev.reeve.server.store.JdbcHostFacts;
import dev.reeve.server.store.JdbcHosts;
import dev.reeve.server.store.JdbcPolicyMemory;
import dev.reeve.server.store.JdbcRevocationStore;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The sample domain in the embedded directory; every computer in it has joined. Only the domain
/// links GPOs, so that all hang on it.
class HeldWithdrawalTest {

  private static final String DOMAIN = "DC=corp,DC=example";

  @TempDir Path state;
  private EmbeddedDirectory directory;
  private EmbeddedSource source;
  private CurrentSnapshot snapshot;
  private JdbcClient jdbc;
  private JdbcHosts hosts;
  private RegisteredHosts register;
  private JdbcPolicyMemory memory;
  private WithdrawalBrake brake;
  private RsopContents contents;
  private final List<HostId> fleet = new ArrayList<>();

  @BeforeEach
  void everybody_has_the_policy_of_the_domain() throws Exception {
    directory =
        EmbeddedDirectory.open(
            EmbeddedDirectoryConfig.of(state, DOMAIN, () -> resource("/schema/reeve-embedded.ldif"))
                .withInitialContent(() -> resource("/samples/corp.ldif")));
    for (Entry entry : directory.readAll())
      if (entry.hasAttribute("gPLink") && !entry.getDN().equals(DOMAIN)) unlink(entry.getDN());
    snapshot = new CurrentSnapshot(_ -> SealedSecret.ofBytes(new byte[] {1}), Clock.systemUTC());
    source = new EmbeddedSource(directory);
    source.start(snapshot);
    await().until(() -> snapshot.view().isPresent());
    var database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Database.migrate(database);
    jdbc = JdbcClient.create(database);
    hosts = new JdbcHosts(jdbc);
    register = new RegisteredHosts(hosts, new JdbcHostFacts(jdbc));
    memory = new JdbcPolicyMemory(jdbc);
    restart();
    var view = snapshot.view().orElseThrow();
    for (Computer computer : view.snapshot().computers().values())
      if (view.rsop().resolve(RsopQuery.of(computer.dn())).assignment()
          instanceof PolicyResult.Assigned) join(computer);
    assertThat(fleet).hasSizeGreaterThan(10);
    assertThat(told(Content.Bytes.class)).isEqualTo(fleet.size());
  }

  @AfterEach
  void close() {
    brake.close();
    snapshot.close();
    source.close();
    directory.close();
  }

  private void restart() {
    brake = new WithdrawalBrake(memory, BrakeRule.DEFAULT, Clock.systemUTC());
    contents =
        new RsopContents(
            snapshot,
            register,
            brake,
            (_, _, _) -> Optional.empty(),
            new RevocationLists(
                new JdbcRevocationStore(jdbc),
                (_, _, _, _) -> new byte[] {1},
                List.of(),
                Clock.systemUTC()));
  }

  private static InputStream resource(String name) throws FileNotFoundException {
    InputStream stream = HeldWithdrawalTest.class.getResourceAsStream(name);
    if (stream == null) throw new FileNotFoundException(name);
    return stream;
  }

  private void join(Computer computer) {
    var id = new HostId("%032x".formatted(fleet.size() + 1));
    assertThat(
            hosts.add(
                new Host(
                    id,
                    "e".repeat(32),
                    computer.guid().orElseThrow(),
                    computer.dn().toString(),
                    computer.name(),
                    Instant.now(),
                    Digest.of(new byte[0]),
                    BigInteger.ONE,
                    Instant.now().plus(Duration.ofDays(90)),
                    Optional.empty())))
        .isTrue();
    fleet.add(id);
  }

  private void unlink(String dn) throws Exception {
    directory.apply(
        new LDIFModifyChangeRecord(dn, new Modification(ModificationType.DELETE, "gPLink")));
  }

  private void link(Attribute links) throws Exception {
    directory.apply(
        new LDIFModifyChangeRecord(
            DOMAIN, new Modification(ModificationType.REPLACE, "gPLink", links.getRawValues())));
  }

  /// Every host asks, and what it is told is remembered, as publishing does.
  private long told(Class<? extends Content> kind) {
    return fleet.stream().map(this::tell).filter(kind::isInstance).count();
  }

  private Content tell(HostId host) {
    HostContent told = contents.find(host).orElseThrow();
    memory.remember(host, has(told.policy()), has(told.persistent()), Instant.now());
    return told.policy();
  }

  private static Optional<Boolean> has(Content content) {
    return content instanceof Content.Unknown
        ? Optional.empty()
        : Optional.of(content instanceof Content.Bytes);
  }

  private void change(Change change) throws Exception {
    long before = snapshot.view().orElseThrow().generation();
    change.run();
    await().until(() -> snapshot.view().orElseThrow().generation() > before);
  }

  private interface Change {
    void run() throws Exception;
  }

  @Test
  void an_unlink_at_the_domain_withdraws_nothing_until_it_is_confirmed() throws Exception {
    var told = new AtomicInteger();
    brake.onChange(told::incrementAndGet);
    change(() -> unlink(DOMAIN));

    assertThat(told(Content.Unknown.class)).isEqualTo(fleet.size());
    assertThat(
            new String(
                contents.find(fleet.getFirst()).orElseThrow().provenance(), StandardCharsets.UTF_8))
        .contains("WITHDRAWAL_HELD");
    Hold hold = brake.last();
    assertThat(hold.hosts()).hasSize(fleet.size());

    brake.close();
    restart();
    assertThat(told(Content.Unknown.class)).as("after a restart").isEqualTo(fleet.size());
    brake.onChange(told::incrementAndGet);
    long generation = contents.generation(fleet.getFirst());
    assertThatThrownBy(() -> brake.confirm(contents, "0".repeat(12)))
        .hasMessageContaining(hold.id());
    assertThat(told(Content.Unknown.class)).isEqualTo(fleet.size());

    assertThat(brake.confirm(contents, hold.id()).hosts()).isEqualTo(hold.hosts());
    assertThat(told).hasPositiveValue();
    assertThat(contents.generation(fleet.getFirst())).isGreaterThan(generation);
    assertThat(told(Content.None.class)).isEqualTo(fleet.size());
  }

  @Test
  void mending_the_directory_lets_go_and_the_next_unlink_is_held_again() throws Exception {
    Attribute links = directory.find(DOMAIN).orElseThrow().getAttribute("gPLink");
    change(() -> unlink(DOMAIN));
    assertThat(told(Content.Unknown.class)).isEqualTo(fleet.size());
    var unused = brake.confirm(contents, brake.last().id()); // and nobody was told yet

    change(() -> link(links));
    assertThat(told(Content.Bytes.class)).isEqualTo(fleet.size());
    assertThat(brake.look(contents).isHolding()).isFalse();

    change(() -> unlink(DOMAIN));
    assertThat(told(Content.Unknown.class)).isEqualTo(fleet.size());
  }

  @Test
  void a_deleted_ou_and_an_emptied_directory_withdraw_nothing() throws Exception {
    var deepestFirst = new ArrayList<>(directory.readAll().stream().map(Entry::getDN).toList());
    deepestFirst.sort((a, b) -> Integer.compare(b.split(",").length, a.split(",").length));
    for (String part : List.of(",OU=Servers," + DOMAIN, "," + DOMAIN)) {
      change(() -> {
        for (String dn : deepestFirst)
          if (dn.endsWith(part) && directory.find(dn).isPresent())
            directory.apply(new LDIFDeleteChangeRecord(dn));
      });
      await().until(() -> settled(part));
      assertThat(told(Content.None.class)).isZero();
    }
    assertThat(told(Content.Unknown.class)).isEqualTo(fleet.size());
  }

  private boolean settled(String below) {
    return snapshot.view().orElseThrow().snapshot().computers().keySet().stream()
        .noneMatch(dn -> dn.toString().endsWith(below));
  }
}
