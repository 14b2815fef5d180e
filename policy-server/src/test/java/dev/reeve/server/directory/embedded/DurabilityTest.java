package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static dev.reeve.server.directory.embedded.TestDirectory.container;
import static dev.reeve.server.directory.embedded.TestDirectory.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import com.unboundid.ldif.LDIFModifyDNChangeRecord;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.DamagedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurabilityTest {
  private static final String BOX = "CN=box," + BASE;

  @TempDir Path state;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void any_sequence_of_writes_reads_the_same_after_a_restart(long seed) throws Exception {
    var random = new Random(seed);
    var config = TestDirectory.config(state).withLimits(1 << 20, seed % 2 == 0 ? 4096 : 1 << 20);
    List<String> before;
    try (var directory = EmbeddedDirectory.open(config)) {
      var picture = Picture.of(directory);
      directory.apply(container(BOX));
      for (int i = 0; i < 300; i++) tryOne(directory, random, i);
      before = text(directory);
      assertThat(picture.text()).as("kept by the changes alone").isEqualTo(before);
    }
    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(text(directory)).isEqualTo(before);
    }
  }

  private static void tryOne(EmbeddedDirectory directory, Random random, int i)
      throws LDAPException {
    var dns = directory.readAll().stream().map(Entry::getDN).filter(d -> d.endsWith(BOX)).toList();
    var dn = dns.get(random.nextInt(dns.size()));
    LDIFChangeRecord change =
        switch (random.nextInt(6)) {
          case 0, 1 -> container("CN=ü\\, \\\"%d,%s".formatted(i, dn));
          case 2 -> container("CN=n%d,%s".formatted(i, dn), "description: d" + i);
          case 3 ->
              new LDIFModifyChangeRecord(
                  dn,
                  new Modification(
                      ModificationType.REPLACE, "description", " leading and trailing ", "v" + i),
                  new Modification(ModificationType.REPLACE, "testExact", "Case", "case", "CASE"),
                  new Modification(
                      ModificationType.REPLACE,
                      "testData",
                      new byte[] {(byte) 0xFF, 'R', 'J', '1', 0, (byte) i},
                      new byte[] {'A'},
                      new byte[] {'a'}));
          case 4 ->
              new LDIFModifyDNChangeRecord(
                  dn,
                  "CN=m" + i,
                  random.nextBoolean(),
                  random.nextBoolean() ? dns.get(random.nextInt(dns.size())) : null);
          default -> new LDIFDeleteChangeRecord(dn);
        };
    try {
      directory.apply(change);
    } catch (LDAPException e) {
      // The box itself, a parent with children, a move below itself: refused and not written.
      assertThat(e.getResultCode())
          .isIn(
              ResultCode.NOT_ALLOWED_ON_NONLEAF,
              ResultCode.UNWILLING_TO_PERFORM,
              ResultCode.ENTRY_ALREADY_EXISTS);
    }
    if (directory.find(BOX).isEmpty()) directory.apply(container(BOX));
  }

  @Test
  void values_that_differ_only_in_case_survive_where_the_schema_tells_them_apart()
      throws Exception {
    for (long rotateAfter : new long[] {1, 1 << 20}) {
      var config = TestDirectory.config(state).withLimits(1 << 20, rotateAfter);
      try (var directory = EmbeddedDirectory.open(config)) {
        if (directory.find(BOX).isEmpty()) {
          directory.apply(
              new LDIFAddChangeRecord(
                  BOX,
                  new Attribute("objectClass", "testContainer"),
                  new Attribute("testExact", "Case", "case")));
        }
      }
      try (var directory = EmbeddedDirectory.open(config)) {
        assertThat(directory.find(BOX).orElseThrow().getAttributeValues("testExact"))
            .containsExactlyInAnyOrder("Case", "case");
      }
    }
  }

  @Test
  void a_write_is_answered_and_told_only_after_its_record_is_synced() throws Exception {
    var log = new ArrayList<String>();
    Journal.Sinks recording =
        file -> {
          var real = Journal.fileSink(file);
          return new WrappedSink(real) {
            @Override
            public void write(byte[] bytes) throws IOException {
              log.add("write");
              super.write(bytes);
            }

            @Override
            public void sync() throws IOException {
              super.sync();
              log.add("sync");
            }
          };
        };
    try (var directory = open(TestDirectory.config(state), recording)) {
      directory.follow(changes -> log.add("told"));
      directory.apply(container(BOX));
      log.add("answered");
    }
    assertThat(log).containsExactly("write", "sync", "told", "answered");
  }

  private enum Failure {
    WRITE,
    HALF_A_WRITE,
    SYNC
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void after_a_failed_write_nothing_more_is_written_and_nothing_acknowledged_is_lost(
      Failure failure) throws Exception {
    var broken = new AtomicBoolean();
    var told = new ArrayList<Change>();
    try (var directory =
        open(TestDirectory.config(state), file -> failing(file, failure, broken))) {
      directory.apply(container(BOX));
      directory.follow(told::addAll);
      broken.set(true);

      assertThatThrownBy(() -> directory.apply(container("CN=a," + BOX)))
          .isInstanceOfSatisfying(
              LDAPException.class, e -> assertThat(e.getResultCode()).isEqualTo(ResultCode.OTHER))
          .hasMessageContaining("read-only");
      broken.set(false);
      assertThatThrownBy(() -> directory.apply(container("CN=b," + BOX)))
          .isInstanceOfSatisfying(
              LDAPException.class,
              e -> assertThat(e.getResultCode()).isEqualTo(ResultCode.UNWILLING_TO_PERFORM))
          .hasMessageContaining("read-only");

      assertThat(directory.readOnlyReason()).isPresent();
      assertThat(directory.find(BOX)).isPresent();
      assertThat(told).isEmpty();
    }
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      assertThat(directory.readOnlyReason()).isEmpty();
      assertThat(directory.find(BOX)).isPresent();
      assertThat(directory.find("CN=b," + BOX)).isEmpty();
      directory.apply(container("CN=c," + BOX));
    }
  }

  private static Journal.Sink failing(Path file, Failure failure, AtomicBoolean broken)
      throws IOException {
    return new WrappedSink(Journal.fileSink(file)) {
      @Override
      public void write(byte[] bytes) throws IOException {
        if (!broken.get() || failure == Failure.SYNC) {
          super.write(bytes);
          return;
        }
        if (failure == Failure.HALF_A_WRITE) super.write(Arrays.copyOf(bytes, bytes.length / 2));
        throw new IOException("No space left on device");
      }

      @Override
      public void sync() throws IOException {
        if (broken.get()) throw new IOException("Input/output error");
        super.sync();
      }
    };
  }

  @Test
  void an_interrupted_caller_does_not_end_the_directory() throws Exception {
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      Thread.currentThread().interrupt();
      try {
        directory.apply(container(BOX));
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      directory.apply(container("CN=a," + BOX));
      assertThat(directory.readOnlyReason()).isEmpty();
    }
  }

  @Test
  void a_listener_that_throws_stops_neither_the_write_nor_the_others() throws Exception {
    var told = new ArrayList<Change>();
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      directory.follow(changes -> {
        throw new IllegalStateException("a bug of mine");
      });
      directory.follow(told::addAll);
      directory.apply(container(BOX));
    }
    assertThat(told).hasSize(1).first().isInstanceOf(Change.Upsert.class);
  }

  @Test
  void rotation_keeps_one_generation_and_everything_in_it() throws Exception {
    var config = TestDirectory.config(state).withLimits(1 << 20, 1);
    List<String> before;
    try (var directory = EmbeddedDirectory.open(config)) {
      directory.apply(container(BOX));
      for (int i = 0; i < 50; i++) directory.apply(container("CN=n%d,%s".formatted(i, BOX)));
      before = text(directory);
    }
    assertThat(generations()).hasSize(2).noneMatch(name -> name.contains("0000000001"));
    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(text(directory)).isEqualTo(before);
    }
  }

  private enum CrashPoint {
    SNAPSHOT_HALF_WRITTEN,
    JOURNAL_HALF_WRITTEN,
    BEFORE_THE_SNAPSHOT_IS_RENAMED,
    BEFORE_THE_OLD_GENERATION_IS_REMOVED,
    BETWEEN_REMOVING_SNAPSHOT_AND_JOURNAL
  }

  @ParameterizedTest
  @EnumSource(CrashPoint.class)
  void a_crash_at_any_point_of_a_rotation_loses_nothing(CrashPoint point) throws Exception {
    var config = TestDirectory.config(state);
    List<String> before;
    try (var directory = EmbeddedDirectory.open(config)) {
      directory.apply(container(BOX));
      before = text(directory);
    }
    var oldSnapshot = state.resolve("snapshot-0000000001.ldif");
    var oldJournal = state.resolve("journal-0000000001.log");
    var newJournal = state.resolve("journal-0000000002.log");
    var newSnapshot = state.resolve("snapshot-0000000002.ldif");
    switch (point) {
      case JOURNAL_HALF_WRITTEN ->
          Files.write(state.resolve("journal-0000000002.log.tmp"), new byte[5]);
      case SNAPSHOT_HALF_WRITTEN -> {
        Journal.create(newJournal, 2);
        Files.writeString(state.resolve("snapshot-0000000002.ldif.tmp"), "dn: DC=co");
      }
      case BEFORE_THE_SNAPSHOT_IS_RENAMED -> Journal.create(newJournal, 2);
      case BEFORE_THE_OLD_GENERATION_IS_REMOVED, BETWEEN_REMOVING_SNAPSHOT_AND_JOURNAL -> {
        List<Entry> entries;
        try (var directory = EmbeddedDirectory.open(config)) {
          entries = directory.readAll();
        }
        Journal.create(newJournal, 2);
        DurableFiles.write(newSnapshot, out -> SnapshotFile.write(out, entries));
        if (point == CrashPoint.BETWEEN_REMOVING_SNAPSHOT_AND_JOURNAL) Files.delete(oldSnapshot);
      }
    }

    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(text(directory)).isEqualTo(before);
      assertThat(generations()).hasSize(2);
      directory.apply(container("CN=after," + BOX));
    }
    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(directory.find("CN=after," + BOX)).isPresent();
    }
    assertThat(Files.exists(oldJournal)).isEqualTo(!Files.exists(newSnapshot));
  }

  @Test
  void a_crash_at_the_first_start_begins_again() throws Exception {
    Files.createDirectories(state);
    Journal.create(state.resolve("journal-0000000001.log"), 1);
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      assertThat(directory.find(BASE)).isPresent();
    }
  }

  @Test
  void a_torn_record_is_dropped_kept_aside_and_written_over() throws Exception {
    var config = TestDirectory.config(state);
    try (var directory = EmbeddedDirectory.open(config)) {
      directory.apply(container(BOX));
      directory.apply(container("CN=torn," + BOX));
    }
    var journal = state.resolve("journal-0000000001.log");
    var bytes = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(bytes, bytes.length - 3));

    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(directory.find(BOX)).isPresent();
      assertThat(directory.find("CN=torn," + BOX)).isEmpty();
      directory.apply(container("CN=next," + BOX));
    }
    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(directory.find("CN=next," + BOX)).isPresent();
    }
    try (var files = Files.list(state)) {
      assertThat(files.filter(f -> f.getFileName().toString().startsWith("torn-"))).hasSize(1);
    }
  }

  private enum Damage {
    SNAPSHOT_MISSING,
    JOURNAL_MISSING,
    SNAPSHOT_CUT,
    SNAPSHOT_FLIPPED,
    JOURNAL_FLIPPED,
    JOURNAL_EMPTY
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void damage_to_what_was_acknowledged_is_named_and_never_repaired(Damage damage) throws Exception {
    var config = TestDirectory.config(state);
    try (var directory = EmbeddedDirectory.open(config)) {
      directory.apply(container(BOX));
      directory.apply(container("CN=a," + BOX));
    }
    var snapshot = state.resolve("snapshot-0000000001.ldif");
    var journal = state.resolve("journal-0000000001.log");
    var damaged =
        switch (damage) {
          case SNAPSHOT_MISSING -> {
            Files.delete(snapshot);
            yield journal;
          }
          case JOURNAL_MISSING -> {
            Files.delete(journal);
            yield journal;
          }
          case SNAPSHOT_CUT -> {
            var bytes = Files.readAllBytes(snapshot);
            Files.write(snapshot, Arrays.copyOf(bytes, bytes.length / 2));
            yield snapshot;
          }
          case SNAPSHOT_FLIPPED -> flip(snapshot, 200);
          case JOURNAL_FLIPPED -> flip(journal, 60);
          case JOURNAL_EMPTY -> {
            Files.write(journal, new byte[0]);
            yield journal;
          }
        };
    var files = generations();

    assertThatThrownBy(() -> EmbeddedDirectory.open(config))
        .isInstanceOfSatisfying(DamagedStore.class, e -> assertThat(e.file()).isEqualTo(damaged))
        .hasMessageContaining("byte");
    assertThat(generations()).isEqualTo(files);
  }

  private static Path flip(Path file, int at) throws IOException {
    var bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x20;
    Files.write(file, bytes);
    return file;
  }

  private List<String> generations() throws IOException {
    try (var files = Files.list(state)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.startsWith("snapshot-") || n.startsWith("journal-"))
          .sorted()
          .toList();
    }
  }

  private static EmbeddedDirectory open(EmbeddedDirectoryConfig config, Journal.Sinks sinks)
      throws EmbeddedDirectoryException {
    return EmbeddedDirectory.open(config, sinks, new SecureRandom());
  }

  private static class WrappedSink implements Journal.Sink {
    private final Journal.Sink real;

    WrappedSink(Journal.Sink real) {
      this.real = real;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      real.write(bytes);
    }

    @Override
    public void sync() throws IOException {
      real.sync();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
