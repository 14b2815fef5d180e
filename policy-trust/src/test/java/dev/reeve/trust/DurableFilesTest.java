package dev.reeve.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

  @TempDir Path directory;

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_file_is_replaced_whole_and_nothing_is_left_beside_it() throws IOException {
    Path file = directory.resolve("key");
    DurableFiles.write(file, new byte[] {1}, Access.PUBLIC);
    DurableFiles.write(file, new byte[] {2, 3}, Access.PRIVATE);

    assertThat(DurableFiles.read(file, 10)).containsExactly(2, 3);
    assertThat(permissions(file)).isEqualTo("rw-------");
    try (var all = Files.list(directory)) {
      assertThat(all).containsExactly(file);
    }
  }

  @Test
  void what_a_killed_writer_left_is_no_obstacle() throws IOException {
    Path file = directory.resolve("key");
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine");
    Files.createSymbolicLink(directory.resolve(".key.new"), elsewhere);

    DurableFiles.write(file, new byte[] {1}, Access.PRIVATE);

    assertThat(file).hasBinaryContent(new byte[] {1});
    assertThat(elsewhere).hasContent("mine");
  }

  /// A reader that may read it later may read it at once: it need not look again.
  @Test
  void a_file_has_its_owner_before_it_has_its_name() throws IOException {
    assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs root");
    UserPrincipal nobody =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Path file = directory.resolve("store");
    Files.createDirectories(file.resolve("in the way"));

    assertThatThrownBy(
            () -> DurableFiles.write(file, new byte[] {1}, Access.PRIVATE, Optional.of(nobody)))
        .isInstanceOf(IOException.class);
    assertThat(Files.getOwner(directory.resolve(".store.new"))).isEqualTo(nobody);
  }

  @Test
  void what_a_link_leads_to_keeps_its_owner_and_its_permissions() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    String before = permissions(elsewhere);
    Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);

    DurableFiles.createDirectory(link, Access.PRIVATE);
    assertThat(permissions(elsewhere)).isEqualTo(before).isNotEqualTo("rwx------");

    assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs root");
    UserPrincipal nobody =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    UserPrincipal root = Files.getOwner(elsewhere);
    DurableFiles.setOwner(link, nobody);
    assertThat(Files.getOwner(elsewhere)).isEqualTo(root);
    assertThat(Files.getOwner(link, LinkOption.NOFOLLOW_LINKS)).isEqualTo(nobody);
  }

  @Test
  void a_file_that_is_too_large_is_not_read() throws IOException {
    Path file = directory.resolve("large");
    Files.write(file, new byte[11]);
    assertThatThrownBy(() -> DurableFiles.read(file, 10))
        .hasMessageEndingWith("large: larger than 10 bytes");
    assertThat(DurableFiles.read(file, 11)).hasSize(11);
  }

  @Test
  void directories_get_their_permissions() throws IOException {
    Path deep = directory.resolve("a/b");
    DurableFiles.createDirectory(deep, Access.PRIVATE);
    assertThat(permissions(deep)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("a"))).isEqualTo("rwxr-xr-x");
    DurableFiles.createDirectory(deep, Access.PUBLIC);
    assertThat(permissions(deep)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void many_make_one_directory_at_once_and_all_have_it() throws Exception {
    int many = 8;
    try (var threads = Executors.newFixedThreadPool(many)) {
      for (int round = 0; round < 100; round++) {
        Path deep = directory.resolve(round + "/a");
        var start = new CyclicBarrier(many);
        Callable<Path> make =
            () -> {
              start.await();
              DurableFiles.createDirectory(deep, Access.PRIVATE);
              return deep;
            };
        for (var made : threads.invokeAll(Collections.nCopies(many, make)))
          assertThat(permissions(made.get())).isEqualTo("rwx------");
      }
    }
  }
}
