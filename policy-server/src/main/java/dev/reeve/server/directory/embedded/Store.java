package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFException;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.DamagedStore;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files behind the directory: `snapshot-G.ldif` and `journal-G.log` of one generation G, the
/// newest that has a snapshot. Both belong together; neither is of use alone.
///
/// Rotation: journal G+1 is made, empty; snapshot G+1 is written under a temporary name; its rename
/// is the moment at which G+1 counts; then G is removed. A crash at any point leaves a whole
/// generation, and what else lies there holds nothing acknowledged.
final class Store implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("directory");
  private static final Pattern NAME = Pattern.compile("(snapshot|journal)-(\\d{10})\\.(ldif|log)");

  private final Path directory;
  private final Schema schema;
  private final Journal.Sinks sinks;
  private final long rotateAfterBytes;
  private long generation;
  private long rotateAt;
  private Optional<Journal> journal = Optional.empty();

  Store(Path directory, Schema schema, long rotateAfterBytes, Journal.Sinks sinks) {
    this.directory = directory;
    this.schema = schema;
    this.rotateAfterBytes = rotateAfterBytes;
    this.sinks = sinks;
  }

  /// What was acknowledged, ready for more; empty when the store was never begun.
  Optional<NavigableMap<DN, Entry>> recover() throws IOException, DamagedStore {
    removeTemporaries();
    var newest = newestSnapshot();
    if (newest.isEmpty()) {
      refuseJournalWithoutSnapshot();
      return Optional.empty();
    }
    generation = newest.getAsLong();
    var tree = SnapshotFile.read(snapshot(generation), schema);
    var file = journal(generation);
    if (!Files.exists(file)) throw new DamagedStore(file, 0, "the file is missing");
    var contents = Journal.read(file, generation);
    for (int i = 0; i < contents.payloads().size(); i++) {
      try {
        Records.replay(contents.payloads().get(i), tree, schema);
      } catch (LDIFException | LDAPException e) {
        throw new DamagedStore(file, 0, "record %d: %s".formatted(i + 1, e.getMessage()), e);
      }
    }
    if (contents.torn().length > 0) dropTorn(file, contents);
    journal = Optional.of(Journal.append(file, contents, sinks));
    rotateAt = Math.max(rotateAfterBytes, Files.size(snapshot(generation)));
    removeOtherGenerations();
    return Optional.of(tree);
  }

  /// The first generation.
  void begin(Collection<? extends Entry> entries) throws IOException {
    startGeneration(1, entries);
  }

  void append(List<? extends LDIFChangeRecord> records) throws IOException {
    journal
        .orElseThrow(() -> new IOException("the store is closed"))
        .append(Records.encode(records));
  }

  boolean rotationDue() {
    return journal.filter(j -> j.size() > rotateAt).isPresent();
  }

  /// Folds the journal into a new snapshot. When that fails before it counts (a full disk), the old
  /// generation goes on and the next try comes at twice the length.
  ///
  /// @throws IOException when it is not known which generation the next start will find
  void rotate(Collection<? extends Entry> entries) throws IOException {
    var old = journal;
    try {
      startGeneration(generation + 1, entries);
    } catch (IOException e) {
      if (Files.exists(snapshot(generation + 1))) throw e;
      rotateAt *= 2;
      LOG.atError()
          .addKeyValue("file", journal(generation))
          .setCause(e)
          .log("cannot write a new snapshot; the journal grows on; make room on the disk");
      return;
    }
    if (old.isPresent()) old.get().close();
    removeOtherGenerations();
  }

  @Override
  public void close() throws IOException {
    if (journal.isPresent()) journal.get().close();
    journal = Optional.empty();
  }

  private void startGeneration(long next, Collection<? extends Entry> entries) throws IOException {
    var empty = Journal.create(journal(next), next);
    var temporary =
        DurableFiles.writeTemporary(snapshot(next), out -> SnapshotFile.write(out, entries));
    var fresh = Journal.append(journal(next), empty, sinks);
    try {
      DurableFiles.rename(temporary, snapshot(next));
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    generation = next;
    journal = Optional.of(fresh);
    rotateAt = Math.max(rotateAfterBytes, Files.size(snapshot(next)));
  }

  /// The torn bytes are kept beside the journal, because a broken disk can look like a crash.
  private void dropTorn(Path file, Journal.Contents contents) throws IOException {
    var aside = file.resolveSibling("torn-%010d-%d".formatted(generation, contents.goodBytes()));
    DurableFiles.write(aside, out -> out.write(contents.torn()));
    try (var out = new FileOutputStream(file.toFile(), true)) {
      out.getChannel().truncate(contents.goodBytes());
      out.getFD().sync();
    }
    LOG.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("offset", contents.goodBytes())
        .addKeyValue("bytes", contents.torn().length)
        .addKeyValue("kept", aside)
        .log("dropped an unfinished last journal record: it was being written at the last stop");
  }

  private OptionalLong newestSnapshot() throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(f -> NAME.matcher(f.getFileName().toString()))
          .filter(m -> m.matches() && m.group(1).equals("snapshot"))
          .mapToLong(m -> Long.parseLong(m.group(2)))
          .max();
    }
  }

  /// A first start that crashed leaves an empty journal. One with records lost its snapshot.
  private void refuseJournalWithoutSnapshot() throws IOException, DamagedStore {
    for (var file : generationFiles()) {
      if (Files.size(file) > Journal.HEADER_BYTES) {
        throw new DamagedStore(file, 0, "its snapshot is missing");
      }
    }
  }

  private void removeOtherGenerations() throws IOException {
    for (var file : generationFiles()) {
      if (!file.equals(snapshot(generation)) && !file.equals(journal(generation))) {
        Files.delete(file);
      }
    }
  }

  private void removeTemporaries() throws IOException {
    try (var files = Files.newDirectoryStream(directory, "*" + DurableFiles.TEMPORARY)) {
      for (var file : files) Files.delete(file);
    }
  }

  private List<Path> generationFiles() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> NAME.matcher(f.getFileName().toString()).matches()).toList();
    }
  }

  private Path snapshot(long g) {
    return directory.resolve("snapshot-%010d.ldif".formatted(g));
  }

  private Path journal(long g) {
    return directory.resolve("journal-%010d.log".formatted(g));
  }
}
