package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopJson;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.SnapshotBuilder;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.DirectorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// One directory, written to at random, restarted, killed and cut off, and the picture that is kept
/// of it meanwhile.
final class Soak implements AutoCloseable {

  private static final SecretSealer SEALER = _ -> SealedSecret.ofBytes(new byte[] {1});
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROUNDS_PER_LOOK = 6;
  private static final LdapConfig.Timing TIMING =
      new LdapConfig.Timing(
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofHours(9), // a full read would hide what went wrong
          Duration.ofSeconds(20));

  private enum Trouble {
    NONE,
    KILLED_WHILE_WRITING,
    RESTARTED,
    CUT_WHILE_WRITING,
    KILLED_UNSEEN,
    CUT
  }

  private final NativeDirectory server;
  private final Random random;
  private final RandomWrites writes;
  private final Relay relay;
  private final Path password;
  private final Collected collected = new Collected();
  private final CurrentSnapshot current = new CurrentSnapshot(SEALER, Clock.systemUTC());
  private final int[] troubles = new int[Trouble.values().length];
  private Optional<LDAPConnection> administrator = Optional.empty();
  private int looks;
  private String last = "";

  Soak(NativeDirectory server, Path dir, long seed, List<byte[]> descriptors) throws Exception {
    this.server = server;
    this.random = new Random(seed);
    this.writes = new RandomWrites(random, server.dialect(), descriptors);
    this.relay = Relay.to(server.tlsAddress());
    this.password = Files.writeString(dir.resolve("password"), server.password() + "\n");
  }

  /// @return what was done, in a line
  String run(Duration length) throws Exception {
    writes.prepare(administrator());
    try (LdapSource source = source(relay.port())) {
      source.start(new Both(collected, current));
      agree();
      long began = System.nanoTime();
      for (int round = 0; Duty.since(began).compareTo(length) < 0; round++) {
        round(trouble(round));
        if (round % ROUNDS_PER_LOOK == ROUNDS_PER_LOOK - 1) agree();
      }
      agree();
    }
    return summary();
  }

  /// Each kind once at first, so that the shortest run has them all.
  private Trouble trouble(int round) {
    Trouble[] all = Trouble.values();
    if (round < all.length) return all[round];
    return random.nextInt(3) == 0 ? all[random.nextInt(all.length)] : Trouble.NONE;
  }

  private void round(Trouble trouble) throws Exception {
    troubles[trouble.ordinal()]++;
    last = trouble.toString();
    switch (trouble) {
      case NONE -> writeSome();
      case KILLED_WHILE_WRITING -> {
        var writing = CompletableFuture.runAsync(this::writeUntilGone);
        Thread.sleep(100 + random.nextInt(400));
        server.kill();
        writing.join();
        begin();
      }
      case RESTARTED -> {
        server.stop();
        begin();
      }
      case CUT_WHILE_WRITING -> {
        relay.cut();
        writeSome();
        relay.mend();
      }
      case KILLED_UNSEEN -> {
        relay.cut();
        writeSome();
        server.kill();
        begin();
        writeSome();
        relay.mend();
      }
      case CUT -> {
        relay.cut();
        relay.mend();
      }
    }
    writeSome();
  }

  private void begin() throws Exception {
    administrator.ifPresent(LDAPConnection::close);
    administrator = Optional.empty();
    writes.forget();
    server.start();
  }

  private LDAPConnection administrator() throws LDAPException {
    if (administrator.isEmpty()) administrator = Optional.of(server.administrator());
    return administrator.get();
  }

  private void writeSome() throws LDAPException {
    for (int i = random.nextInt(40); i >= 0; i--) last = writes.next(administrator());
  }

  private void writeUntilGone() {
    try {
      while (true) last = writes.next(administrator());
    } catch (LDAPException _) {
      // as it should be
    }
  }

  private LdapSource source(int port) {
    return new LdapSource(
        new LdapConfig(
            List.of(LdapAddress.parse("ldaps://127.0.0.1:" + port)),
            Dn.parse(NativeDirectory.BASE),
            new Credentials.Password(server.reader(), password),
            Optional.of(server.caFile()),
            Optional.empty(),
            false,
            Optional.empty(),
            TIMING));
  }

  /// Nobody writes now: what was put together change by change is what a new source reads.
  private void agree() throws Exception {
    looks++;
    var truth = new Collected();
    try (DirectorySource fresh = source(relay.port())) {
      fresh.start(truth);
    }
    var entries = truth.content();
    DirectorySnapshot full = SnapshotBuilder.build(truth.entries().values(), SEALER);
    long began = System.nanoTime();
    while (!collected.content().equals(entries)
        || collected.isLost()
        || !difference(full).isEmpty()) {
      if (Duty.since(began).compareTo(PATIENCE) > 0) break;
      Thread.sleep(50);
    }
    assertThat(collected.isLost()).as(() -> "contact; " + collected.losses()).isFalse();
    assertThat(ContentDifference.between(collected.content(), entries))
        .as(() -> "entries; " + readOnceMore())
        .isEmpty();
    assertThat(collected.losses()) // nobody touched our rights
        .as("false alarms")
        .noneMatch(why -> why.contains(" may not read ") || why.contains("not one "));
    assertThat(difference(full)).as("picture").isEmpty();
    var results = current.view().orElseThrow().rsop();
    for (Dn computer : full.computers().keySet()) {
      RsopQuery query = RsopQuery.of(computer);
      Rsop kept = results.resolve(query);
      Rsop fresh = Rsop.resolve(full, query);
      if (!kept.equals(fresh)) assertThat(lowered(kept)).isEqualTo(lowered(fresh));
    }
  }

  /// Tells a picture that is wrong from a reading that was not whole.
  private String readOnceMore() {
    var again = new Collected();
    try (DirectorySource source = source(relay.port())) {
      source.start(again);
      String difference = ContentDifference.between(collected.content(), again.content());
      return difference.isEmpty()
          ? "read once more they are those that were kept"
          : "read once more they still are not those that were kept";
    } catch (DirectoryException | RuntimeException e) {
      return "they cannot be read once more: " + e;
    }
  }

  /// Sentences name containers as they were spelled when what is in them was last read: in names,
  /// case says nothing.
  private static String lowered(Rsop rsop) {
    return JsonText.write(RsopJson.write(rsop)).toLowerCase(Locale.ROOT);
  }

  private String difference(DirectorySnapshot full) {
    return current
        .view()
        .map(view -> ContentDifference.between(view.snapshot().content(), full.content()))
        .orElse("there is no picture yet");
  }

  /// What was done so far.
  String summary() {
    var text = new StringBuilder();
    int taken = writes.counts().values().stream().mapToInt(RandomWrites.Count::taken).sum();
    int refused = writes.counts().values().stream().mapToInt(RandomWrites.Count::refused).sum();
    text.append(taken).append(" writes (").append(refused).append(" refused)");
    for (Trouble trouble : Trouble.values())
      text.append(", ").append(troubles[trouble.ordinal()]).append(' ').append(trouble);
    text.append(", ").append(collected.resets()).append(" full reads, ").append(looks);
    text.append(" comparisons; last: ").append(last);
    return text.toString();
  }

  /// Each kind of write, how often it was taken and refused.
  String details() {
    return writes.counts().toString();
  }

  @Override
  public void close() throws IOException {
    administrator.ifPresent(LDAPConnection::close);
    current.close();
    relay.close();
  }

  private record Both(DirectorySource.Feed one, DirectorySource.Feed other)
      implements DirectorySource.Feed {
    @Override
    public void reset(Collection<LdapEntry> all, Predicate<Dn> part) {
      one.reset(all, part);
      other.reset(all, part);
    }

    @Override
    public void changed(List<DirectoryChange> changes) {
      one.changed(changes);
      other.changed(changes);
    }

    @Override
    public void inContact() {
      one.inContact();
      other.inContact();
    }

    @Override
    public void lost(String why) {
      one.lost(why);
      other.lost(why);
    }
  }
}
