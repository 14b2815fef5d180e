package dev.reeve.server.directory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.SearchScope;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Kill -9 while two writers write, one in the process and one over LDAP. The journal rotates every
/// few dozen writes, so that kills fall into rotations too.
class CrashTest {
  private static final int ROUNDS = 50;

  @TempDir Path dir;

  /// What the child said before it died.
  ///
  /// @param writes acknowledged, per writer
  /// @param uuids of added entries, by `writer number`
  private record Acknowledged(int[] writes, Map<String, String> uuids) {}

  @Test
  void fifty_kills_at_random_points_lose_no_acknowledged_write() throws Exception {
    var random = new Random(20261122);
    int total = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      var acknowledged = runAndKill(round, random.nextInt(1, 200));
      check(round, acknowledged);
      total += acknowledged.writes()[0] + acknowledged.writes()[1];
    }
    assertThat(total).isGreaterThan(ROUNDS * 50);
    assertThat(generation()).as("rotations happened").isGreaterThan(10);
  }

  private Acknowledged runAndKill(int round, int killAfter) throws Exception {
    var errors = dir.resolve("stderr");
    var child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                classPath(),
                CrashChild.class.getName(),
                dir.resolve("state").toString(),
                Integer.toString(round))
            .redirectError(errors.toFile())
            .start();
    var writes = new int[2];
    var uuids = new HashMap<String, String>();
    try (var lines = child.inputReader(StandardCharsets.UTF_8)) {
      int seen = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var words = line.split(" ", -1);
        boolean whole = words.length == 3 && (words[2].equals("-") || words[2].length() == 36);
        if (!whole) break; // cut by the kill: not acknowledged
        int writer = Integer.parseInt(words[0]);
        assertThat(Integer.parseInt(words[1])).isEqualTo(writes[writer]);
        writes[writer]++;
        if (!words[2].equals("-")) uuids.put(words[0] + " " + words[1], words[2]);
        // Through the handle: the process object would close the pipe and lose what is in it.
        if (++seen == killAfter) child.toHandle().destroyForcibly();
      }
      assertThat(seen).as(() -> stderr(errors)).isGreaterThanOrEqualTo(killAfter);
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
    return new Acknowledged(writes, uuids);
  }

  private void check(int round, Acknowledged acknowledged) throws Exception {
    try (var directory = EmbeddedDirectory.open(CrashChild.config(dir.resolve("state")))) {
      for (int writer = 0; writer < 2; writer++) {
        var script = CrashScript.of(round, writer);
        int writes = acknowledged.writes()[writer];
        var found = entries(directory, script.box());
        // One more may have been finished and not yet printed.
        var wanted = List.of(descriptions(script, writes), descriptions(script, writes + 1));
        assertThat(descriptions(found))
            .as("round %d writer %d after %d writes", round, writer, writes)
            .isIn(wanted);
        checkUuids(script.after(writes), found, writer, acknowledged.uuids());
      }
    }
  }

  private static void checkUuids(
      TreeMap<String, CrashScript.Expected> expected,
      Map<String, Map.Entry<String, String>> found,
      int writer,
      Map<String, String> uuids) {
    var byUuid = found.values().stream().map(Map.Entry::getValue).collect(Collectors.toSet());
    expected.forEach((dn, entry) -> {
      var there = found.get(dn);
      var uuid = uuids.get(writer + " " + entry.madeBy());
      // A rename that was not printed moved it, and a delete that was not printed took it.
      if (there != null) assertThat(there.getValue()).as(dn).isEqualTo(uuid);
      else if (!dn.startsWith("CN=child,")) assertThat(byUuid).as(dn).contains(uuid);
    });
  }

  /// DN to description and entryUUID.
  private static Map<String, Map.Entry<String, String>> entries(
      EmbeddedDirectory directory, String box) throws LDAPException {
    if (directory.find(box).isEmpty()) return Map.of();
    return directory
        .search(box, SearchScope.SUB, Filter.createPresenceFilter("objectClass"))
        .stream()
        .collect(
            Collectors.toMap(
                e -> e.getDN(),
                e ->
                    Map.entry(
                        e.getAttributeValue("description"), e.getAttributeValue("entryUUID"))));
  }

  private static Map<String, String> descriptions(CrashScript script, int writes) {
    var wanted = new TreeMap<String, String>();
    script.after(writes).forEach((dn, entry) -> wanted.put(dn, entry.description()));
    return wanted;
  }

  private static Map<String, String> descriptions(Map<String, Map.Entry<String, String>> found) {
    var descriptions = new TreeMap<String, String>();
    found.forEach((dn, entry) -> descriptions.put(dn, entry.getKey()));
    return descriptions;
  }

  private long generation() throws IOException {
    try (var files = Files.list(dir.resolve("state"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.startsWith("snapshot-"))
          .mapToLong(n -> Long.parseLong(n.substring(9, 19)))
          .max()
          .orElse(0);
    }
  }

  /// Only what the child needs: a logging back end would cost it half its start.
  private static String classPath() {
    return Stream.of(
            EmbeddedDirectory.class, CrashChild.class, LDAPResult.class, LoggerFactory.class)
        .map(CrashTest::codeOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String codeOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static String stderr(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
