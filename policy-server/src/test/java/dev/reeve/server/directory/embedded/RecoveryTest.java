package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static dev.reeve.server.directory.embedded.TestDirectory.container;
import static dev.reeve.server.directory.embedded.TestDirectory.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Entry;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.DamagedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the next start makes of the files that a crash, or worse, left behind.
class RecoveryTest {
  private static final String BOX = "CN=box," + BASE;

  @TempDir Path state;

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
    boolean rotated =
        point == CrashPoint.BEFORE_THE_OLD_GENERATION_IS_REMOVED
            || point == CrashPoint.BETWEEN_REMOVING_SNAPSHOT_AND_JOURNAL;
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
          entries = new ArrayList<>(directory.readAll());
        }
        entries.add(TestDirectory.entry("CN=newer," + BOX));
        Journal.create(newJournal, 2);
        DurableFiles.write(newSnapshot, out -> SnapshotFile.write(out, entries));
        if (point == CrashPoint.BETWEEN_REMOVING_SNAPSHOT_AND_JOURNAL) Files.delete(oldSnapshot);
      }
    }

    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(text(directory)).containsAll(before);
      assertThat(directory.find("CN=newer," + BOX).isPresent()).isEqualTo(rotated);
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
}
