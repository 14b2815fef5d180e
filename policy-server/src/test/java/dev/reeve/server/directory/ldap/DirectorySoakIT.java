package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.lab.Native389;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSamba;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.TestCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random writes, restarts, `kill -9` and lost connections, all three directories at once: in the
/// end, and now and then before, the picture is what a fresh complete read gives.
///
/// `-Dreeve.soak.seconds=1800` of writing (the default with -Dreeve.full=true),
/// `-Dreeve.soak.seed=N`, `-Dreeve.soak.directories=slapd,389,samba`.
class DirectorySoakIT {

  private static final Duration LENGTH =
      Duration.ofSeconds(
          Long.getLong("reeve.soak.seconds", Boolean.getBoolean("reeve.full") ? 1800 : 60));
  private static final long SEED = Long.getLong("reeve.soak.seed", new Random().nextLong(1 << 20));
  private static final List<String> CHOSEN =
      List.of(System.getProperty("reeve.soak.directories", "slapd,389,samba").split(","));

  @TempDir static Path dir;

  private static final Map<String, CompletableFuture<String>> RUNNING = new HashMap<>();

  @FunctionalInterface
  private interface Launch {
    NativeDirectory in(Path state) throws Exception;
  }

  @BeforeAll
  static void beginAll() {
    begin(
        "slapd",
        NativeSlapd.missing(),
        state -> NativeSlapd.start(state.resolve("server"), ca(state, "localhost")));
    begin(
        "389",
        Native389.missing(),
        state -> Native389.start(state.resolve("server"), ca(state, "localhost")));
    begin(
        "samba",
        NativeSamba.missing(),
        state -> NativeSamba.start(state.resolve("server"), ca(state, NativeSamba.HOST)));
  }

  private static TestCa ca(Path state, String host) throws Exception {
    return TestCa.make(state.resolve("ca"), host, "DNS:" + host + ",IP:127.0.0.1");
  }

  private static void begin(String name, Optional<String> missing, Launch launch) {
    if (missing.isPresent() || !CHOSEN.contains(name)) return;
    var end = new CompletableFuture<String>();
    RUNNING.put(name, end);
    Thread.ofPlatform()
        .name("soak " + name)
        .start(() -> {
          try {
            end.complete(soak(name, launch));
          } catch (Throwable e) {
            end.completeExceptionally(e);
          }
        });
  }

  private static String soak(String name, Launch launch) throws Exception {
    Path state = Files.createDirectory(dir.resolve(name));
    try (NativeDirectory server = launch.in(state);
        var soak = new Soak(server, state, SEED, descriptors(server))) {
      try {
        String did = soak.run(LENGTH);
        System.out.println(name + ", seed " + SEED + ": " + did + "\n  " + soak.details());
        return did;
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            name + ", -Dreeve.soak.seed=" + SEED + ", after " + soak.summary(), e);
      }
    }
  }

  /// Of a GPO that applies to all, and of one that is denied to some.
  private static List<byte[]> descriptors(NativeDirectory server) throws Exception {
    if (!(server instanceof NativeSamba samba)) return List.of();
    var found = new ArrayList<byte[]>();
    String gpo = "CN={31B2F340-016D-11D2-945F-00C04FB984F9}," + SoakDomain.POLICIES;
    try (LDAPConnection administrator = server.administrator()) {
      found.add(descriptor(administrator, gpo));
      String unused =
          samba.tool(
              "dsacl",
              "set",
              "--objectdn=" + gpo,
              "--sddl=(OD;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;DC)");
      found.add(descriptor(administrator, gpo));
    }
    return found;
  }

  private static byte[] descriptor(LDAPConnection administrator, String gpo) throws LDAPException {
    var request = new SearchRequest(gpo, SearchScope.BASE, "(objectClass=*)", AdSearch.DESCRIPTOR);
    request.addControl(AdSearch.descriptorFlags());
    return administrator.searchForEntry(request).getAttributeValueBytes(AdSearch.DESCRIPTOR);
  }

  private static void passes(String name, Optional<String> missing) {
    assumeTrue(CHOSEN.contains(name), "not chosen");
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    try {
      RUNNING.get(name).join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
  }

  @Test
  void the_picture_of_OpenLDAP_stays_true() {
    passes("slapd", NativeSlapd.missing());
  }

  @Test
  void the_picture_of_389_DS_stays_true() {
    passes("389", Native389.missing());
  }

  @Test
  void the_picture_of_Samba_stays_true() {
    passes("samba", NativeSamba.missing());
  }
}
