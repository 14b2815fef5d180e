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
import java.io.IOException;
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
