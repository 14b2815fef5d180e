package dev.reeve.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.agent.TestBundles;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.spd.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

  @TempDir Path temporary;

  private StateDirectory open() throws IOException {
    return StateDirectory.open(temporary.resolve("state"));
  }

  static Membership membership(String keyFile) {
    return new Membership(
        TestBundles.HOST,
        TestBundles.EPOCH,
        "CN=web-01",
        keyFile,
        Optional.of("0123456789abcdef0123456789abcdef"),
        List.of(new Endpoint("reeve.corp.example", 8443)),
        List.of("reeve.corp.example"),
        "certificate",
        "root",
        "issuers",
        "signers",
        "");
  }

  @Test
  void what_root_makes_belongs_to_the_user_of_the_agent() throws IOException {
    Path home = Files.createDirectory(temporary.resolve("home"));
    assumeTrue(Files.getAttribute(home, "unix:uid").equals(0), "needs root");
    UserPrincipal nobody =
        home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(home, nobody);
    StateDirectory directory = StateDirectory.open(home.resolve("agent"));
    directory.writeStore(Store.LOCAL, Optional.of(TestBundles.policy("P")));
    var unused = directory.storeSeal();
    for (String made : List.of("agent", "agent/stores/local.json", "agent/stores/seal.key")) {
      assertThat(Files.getOwner(home.resolve(made))).as(made).isEqualTo(nobody);
    }
  }

  @Test
  void a_membership_is_read_as_it_was_written() throws IOException {
    Membership written = membership("key-0123456789abcdef.pem");
    open().write(written);
    assertThat(open().findMembership()).contains(written);
    open().write(written.withSigners("next").withSigners("last"));
    Membership later = open().findMembership().orElseThrow();
    assertThat(later.signers()).isEqualTo("last");
    assertThat(later.formerSigners()).isEqualTo("nextsigners");
    assertThat(later.sameAs(written)).isFalse();
  }

  @Test
  void half_a_membership_is_an_error_and_not_an_absence() throws IOException {
    open().write(membership("key-0123456789abcdef.pem"));
    Path file = temporary.resolve("state/identity.json");
    Files.writeString(file, Files.readString(file).substring(0, 100));
    assertThatThrownBy(() -> open().findMembership()).isInstanceOf(IOException.class);
  }

  @Test
  void the_same_name_gives_the_same_key_and_both_halves_fit() throws Exception {
    var first = open().keyPair("key-0123456789abcdef.pem");
    var again = open().keyPair("key-0123456789abcdef.pem");
    assertThat(again.getPublic()).isEqualTo(first.getPublic());
    assertThat(again.getPrivate()).isEqualTo(first.getPrivate());
    assertThat(open().keyPair("key-0000000000000000.pem").getPublic())
        .isNotEqualTo(first.getPublic());
  }

  @Test
  void keys_of_former_identities_are_gone() throws IOException {
    var unused = open().keyPair("key-0000000000000000.pem");
    unused = open().keyPair("key-0123456789abcdef.pem");
    open().write(membership("key-0123456789abcdef.pem"));
    assertThat(temporary.resolve("state/key-0000000000000000.pem")).doesNotExist();
    assertThat(temporary.resolve("state/key-0123456789abcdef.pem")).exists();
  }

  @Test
  void two_agents_never_share_a_directory() throws IOException {
    try (Closeable _ = open().lock()) {
      assertThatThrownBy(() -> open().lock()).hasMessageContaining("another agent");
    }
    open().lock().close();
  }

  @Test
  void what_could_not_be_read_again_is_not_written() throws IOException {
    open().writeLibrary(Store.LOCAL, new byte[] {1});
    assertThatThrownBy(() -> open().writeLibrary(Store.LOCAL, new byte[(8 << 20) + 1]))
        .hasMessageContaining("8,388,609 bytes, and 8,388,608 are read at most");
    assertThat(open().readLibrary(Store.LOCAL).orElseThrow()).containsExactly(1);
  }

  @Test
  void local_stores_are_read_and_a_broken_one_is_a_problem() throws IOException {
    open().writeStore(Store.LOCAL, Optional.of(TestBundles.policy("mine")));
    assertThat(open().readStores().local()).contains(TestBundles.policy("mine"));
    assertThat(open().readStores().persistent()).isEmpty();
    Files.writeString(temporary.resolve("state/stores/persistent.json"), "{");
    LocalStores stores = open().readStores();
    assertThat(stores.local()).isPresent();
    assertThat(stores.problems()).containsOnlyKeys(Store.PERSISTENT);
    open().writeStore(Store.LOCAL, Optional.empty());
    assertThat(open().readStores().local()).isEmpty();
  }

  private void fill(StateDirectory directory) throws IOException {
    var unused = directory.keyPair("key-0123456789abcdef.pem");
    directory.write(membership("key-0123456789abcdef.pem"));
    directory.writeStore(Store.LOCAL, Optional.of(TestBundles.policy("mine")));
    directory
        .bundles()
        .keep(
            Kept.NOTHING,
            GateState.enrolled(TestBundles.HOST, TestBundles.EPOCH, Instant.EPOCH),
            "");
    directory.lock().close();
  }

  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.toList();
    }
  }

  @Test
  void everything_is_closed_to_others() throws IOException {
    fill(open());
    for (Path path : tree(temporary.resolve("state"))) {
      String wanted = Files.isDirectory(path) ? "rwx------" : "rw-------";
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .as(path.toString())
          .isEqualTo(wanted);
    }
  }

  @Test
  void a_directory_left_open_is_closed() throws IOException {
    Files.createDirectory(temporary.resolve("state"));
    Files.setPosixFilePermissions(
        temporary.resolve("state"), PosixFilePermissions.fromString("rwxr-xr-x"));
    open();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(temporary.resolve("state"))))
        .isEqualTo("rwx------");
  }

  @Test
  void an_unprivileged_user_reads_nothing() throws Exception {
    assumeTrue(Files.getOwner(temporary).getName().equals("root"), "needs root");
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    fill(open());
    Path readable = Files.writeString(temporary.resolve("readable"), "x");
    Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(catAsNobody(readable)).as("the test itself works").isZero();
    for (Path path : tree(temporary.resolve("state"))) {
      if (Files.isRegularFile(path)) assertThat(catAsNobody(path)).as("%s", path).isNotZero();
    }
  }

  private static int catAsNobody(Path file) throws Exception {
    return new ProcessBuilder(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat", file.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
