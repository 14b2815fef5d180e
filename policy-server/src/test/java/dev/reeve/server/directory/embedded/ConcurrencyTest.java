package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static dev.reeve.server.directory.embedded.TestDirectory.container;
import static dev.reeve.server.directory.embedded.TestDirectory.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
  private static final String BOX = "CN=box," + BASE;
  private static final int WRITES = 200;

  @TempDir Path state;

  @Test
  void two_writers_to_one_entry_are_journalled_and_told_in_the_order_they_were_applied()
      throws Exception {
    var told = new ArrayList<String>();
    List<String> before;
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      directory.apply(container(BOX));
      directory.follow(changes -> changes.forEach(c -> told.add(description(c))));
      try (var pool = Executors.newFixedThreadPool(3)) {
        var jobs = new ArrayList<Callable<Void>>();
        jobs.add(() -> writeOverLdap(directory, "a"));
        jobs.add(() -> writeOverLdap(directory, "b"));
        jobs.add(() -> writeInProcess(directory, "c"));
        for (var done : pool.invokeAll(jobs)) done.get();
      }
      before = text(directory);
      assertThat(told).hasSize(3 * WRITES);
      assertThat(directory.find(BOX).orElseThrow().getAttributeValue("description"))
          .isEqualTo(told.getLast());
    }
    assertThat(journalled()).isEqualTo(told);
    for (var writer : List.of("a", "b", "c")) {
      assertThat(told.stream().filter(v -> v.startsWith(writer)))
          .hasSize(WRITES)
          .isSortedAccordingTo((x, y) -> Integer.compare(number(x), number(y)));
    }
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      assertThat(text(directory)).isEqualTo(before);
    }
  }

  @Test
  @Timeout(60)
  void a_client_that_does_not_read_its_results_stops_nobody() throws Exception {
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state))) {
      directory.apply(container(BOX));
      for (int i = 0; i < 40; i++) {
        directory.apply(
            container("CN=n%d,%s".formatted(i, BOX), "description: " + "x".repeat(200_000)));
      }
      try (var deaf = new Socket(directory.address().getAddress(), directory.address().getPort())) {
        deaf.setReceiveBufferSize(4096);
        var search = new DeafClient(TestDirectory.ADMIN, TestDirectory.adminPassword(state));
        deaf.getOutputStream().write(search.bindAndSearch(BASE));
        deaf.getOutputStream().flush();
        // The answer is under way when its first bytes are there.
        assertThat(deaf.getInputStream().read()).isGreaterThanOrEqualTo(0);
        for (int i = 0; i < 50; i++) {
          directory.apply(container("CN=later%d,%s".formatted(i, BOX)));
        }
      }
    }
  }

  private Void writeOverLdap(EmbeddedDirectory directory, String name) throws LDAPException {
    try (var admin = TestDirectory.connectAsAdmin(directory, state)) {
      for (int i = 0; i < WRITES; i++) admin.modify(BOX, description(name + i));
    }
    return null;
  }

  private static Void writeInProcess(EmbeddedDirectory directory, String name)
      throws LDAPException {
    for (int i = 0; i < WRITES; i++) {
      directory.apply(new LDIFModifyChangeRecord(BOX, description(name + i)));
    }
    return null;
  }

  private static Modification description(String value) {
    return new Modification(ModificationType.REPLACE, "description", value);
  }

  private static String description(Change change) {
    return change instanceof Change.Upsert(var entry)
        ? String.valueOf(entry.getAttributeValue("description"))
        : change.toString();
  }

  private static int number(String value) {
    return Integer.parseInt(value.substring(1));
  }

  private List<String> journalled() throws Exception {
    var journal = state.resolve("journal-0000000001.log");
    var value = Pattern.compile("^description: (.*)$", Pattern.MULTILINE);
    var values = new ArrayList<String>();
    assertThat(Files.exists(journal)).isTrue();
    for (var payload : Journal.read(journal, 1).payloads()) {
      var found = value.matcher(new String(payload, StandardCharsets.US_ASCII));
      if (found.find()) values.add(found.group(1));
    }
    return values;
  }
}
