package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.unboundid.ldap.sdk.LDAPConnection;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.DirectorySource;
import dev.reeve.server.directory.Domains;
import dev.reeve.server.directory.EmbeddedSource;
import dev.reeve.server.directory.JoinedSource;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The server's own directory.
@SuppressWarnings("NullAway.Init")
class EmbeddedContractTest extends DirectoryContract {

  private Path state;
  private EmbeddedDirectory directory;
  private Optional<DirectorySource> source = Optional.empty();

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
                .withFurtherBases(List.of(NativeDirectory.SECOND))
                .withInitialContent(EmbeddedContractTest::bothSamples));
  }

  private static InputStream bothSamples() throws IOException {
    String text = NativeSlapd.resource("/samples/corp.ldif");
    return new ByteArrayInputStream((text + "\n" + NativeDirectory.second(text)).getBytes(UTF_8));
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
  Optional<LDAPConnection> connectSecond() throws Exception {
    return Optional.of(connect());
  }

  @Override
  JoinedSource both() {
    Dn first = Dn.parse(NativeDirectory.BASE);
    Dn other = Dn.parse(NativeDirectory.SECOND);
    return new JoinedSource(
        new Domains(first, List.of(other)),
        List.of(new JoinedSource.Part(Set.of(first, other), new EmbeddedSource(directory))));
  }

  @Override
  void followBoth(Collected seen) throws Exception {
    source = Optional.of(both());
    source.get().start(seen);
  }

  @Override
  Dialect dialect() {
    return Dialect.OURS;
  }

  @Override
  JoinedSource source() {
    Dn first = Dn.parse(NativeDirectory.BASE);
    return new JoinedSource(
        new Domains(first, List.of(Dn.parse(NativeDirectory.SECOND))),
        List.of(new JoinedSource.Part(Set.of(first), new EmbeddedSource(directory))));
  }

  @Override
  void follow(Collected seen) throws Exception {
    source = Optional.of(source());
    source.get().start(seen);
  }

  @Override
  void unfollow() {
    source.ifPresent(DirectorySource::close);
    source = Optional.empty();
  }

  @Override
  void lose() {
    unfollow();
  }

  @Override
  void find() throws Exception {
    follow(seen());
  }

  @Override
  void restart() throws Exception {
    directory.close();
    open();
  }
}
