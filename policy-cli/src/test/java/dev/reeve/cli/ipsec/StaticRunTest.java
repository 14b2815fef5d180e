package dev.reeve.cli.ipsec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Ran;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run of `ipsec static` writes, when, and beside whom.
class StaticRunTest {

  @TempDir Path dir;
  private Path state;

  @BeforeEach
  void state() {
    state = dir.resolve("agent");
  }

  private Ran reeve(String... words) {
    var all = new ArrayList<>(List.of("ipsec", "static"));
    all.addAll(List.of(words));
    all.addAll(List.of("--state", state + ""));
    return Ran.reeve(all.toArray(String[]::new));
  }

  private Ran script(String text) throws IOException {
    return reeve("exec", Files.writeString(dir.resolve("script"), text) + "");
  }

  @Test
  void of_many_that_change_a_store_at_once_none_is_lost() throws Exception {
    int many = 8;
    var start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(many)) {
      List<Future<Ran>> runs =
          IntStream.range(0, many)
              .mapToObj(i ->
                  threads.submit(() -> {
                    start.await();
                    return reeve("add", "policy", "P" + i);
                  }))
              .toList();
      start.countDown();
      for (Future<Ran> run : runs) assertThat(run.get().err()).isEmpty();
    }
    String all = reeve("show", "policy", "all").out();
    IntStream.range(0, many).forEach(i -> assertThat(all).contains("P" + i));
  }

  @Test
  void a_command_waits_for_whoever_changes_the_stores() throws Exception {
    Closeable held = StateDirectory.open(state).lockStores();
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<Ran> waits = threads.submit(() -> reeve("add", "policy", "P"));
      assertThat(state.resolve("stores/local.library.json")).doesNotExist();
      assertThat(waits.isDone()).isFalse();
      held.close();
      assertThat(waits.get().code()).isEqualTo(ExitCode.DONE);
    }
    assertThat(state.resolve("stores/local.library.json")).exists();
  }

  @Test
  void a_script_that_fails_exports_nothing_either() throws IOException {
    Path file = dir.resolve("out.ipsec");
    Ran ran = script("add policy P\nexportpolicy file=" + file + "\nadd policy P\n");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(file).doesNotExist();
    assertThat(script("add policy P\nexportpolicy file=" + file + "\n").code()).isZero();
    assertThat(file).content().contains("\"P\"");
  }

  @Test
  void what_is_assigned_in_a_file_is_in_force_nowhere() {
    Path file = dir.resolve("mine.json");
    Ran ran = reeve("add", "policy", "P", "assign=yes", "--file", file + "");
    assertThat(ran.out())
        .contains("Policy 'P' is assigned in the file; no host takes it up from there.");
    Ran store = reeve("set", "store", "persistent", "--file", file + "");
    assertThat(store.code()).isEqualTo(ExitCode.USAGE);
    assertThat(store.err()).contains("set store chooses a store, and --file says not to");
  }

  /// Where there is an identity that cannot be read, a host has joined all the more.
  @Test
  void on_a_host_that_joined_the_domain_goes_first() throws IOException {
    var unused = StateDirectory.open(state);
    Files.writeString(state.resolve("identity.json"), "{");
    assertThat(reeve("add", "policy", "P", "assign=yes").out())
        .contains("this host has joined a domain, whose policy goes before this one");
    assertThat(reeve("add", "policy", "Q", "assign=yes", "--store", "persistent").out())
        .contains("Policy 'Q' is assigned; the agent takes it up within seconds.");
  }

  @Test
  void what_an_import_brings_along_is_not_said_to_stay_behind() throws IOException {
    Path file = dir.resolve("all.ipsec");
    assertThat(script("add policy P\nadd filterlist Unused\nexportpolicy " + file).code()).isZero();
    Files.writeString(file, "\n" + Files.readString(file));
    Ran ran = reeve("importpolicy", file + "", "--store", "persistent");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).doesNotContain("stay behind");
    assertThat(reeve("show", "filterlist", "all", "--store", "persistent").out())
        .contains("Unused");
    Ran again = reeve("importpolicy", file + "", "--store", "persistent");
    assertThat(again.out()).doesNotContain("Done");
  }
}
