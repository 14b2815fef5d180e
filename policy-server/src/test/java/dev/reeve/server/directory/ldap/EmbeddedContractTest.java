package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.server.directory.EmbeddedSource;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryConfig;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The server's own directory.
@SuppressWarnings("NullAway.Init")
class EmbeddedContractTest extends DirectoryContract {

  private Path state;
  private EmbeddedDirectory directory;
  private Optional<EmbeddedSource> source = Optional.empty();

  @BeforeAll
  void make(@TempDir Path dir) throws Exception {
    state = dir.resolve("state");
    open();
  }

  private void open() throws Exception {
    directory =
        EmbeddedDirectory.open(
            EmbeddedDirectoryConfig.of(
                    state, NativeDirectory.BASE, () -> resource("/schema/reeve-embedded.ldif"))
                .withInitialContent(() -> resource("/samples/corp.ldif")));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(EmbeddedContractTest.class.getResourceAsStream(name));
  }

  @AfterAll
  void close() {
    directory.close();
  }

  @Override
  LDAPConnection connect() throws Exception {
    return new LDAPConnection(
        "127.0.0.1",
        directory.address().getPort(),
        "cn=admin," + NativeDirectory.BASE,
        Files.readString(state.resolve("admin.password")).strip());
  }

  @Override
  Dialect dialect() {
    return Dialect.OURS;
  }

  @Override
  EmbeddedSource source() {
    return new EmbeddedSource(directory);
  }

  @Override
  void follow(Collected seen) {
    source = Optional.of(source());
    source.get().start(seen);
  }

  @Override
  void unfollow() {
    source.ifPresent(EmbeddedSource::close);
    source = Optional.empty();
  }

  @Override
  void lose() {
    unfollow();
  }

  @Override
  void find() {
    follow(seen());
  }

  @Override
  void restart() throws Exception {
    directory.close();
    open();
  }
}
