package dev.reeve.server.wiring;

import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryAccounts;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.DirectorySource;
import dev.reeve.server.directory.DirectoryStart;
import dev.reeve.server.directory.Domains;
import dev.reeve.server.directory.EmbeddedAccounts;
import dev.reeve.server.directory.EmbeddedSource;
import dev.reeve.server.directory.JoinedSource;
import dev.reeve.server.directory.PictureFile;
import dev.reeve.server.directory.PictureKeeper;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryConfig;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException;
import dev.reeve.server.directory.ldap.LdapAccounts;
import dev.reeve.server.directory.ldap.LdapAddress;
import dev.reeve.server.directory.ldap.LdapConfig;
import dev.reeve.server.directory.ldap.LdapSource;
import dev.reeve.server.rsop.DirectoryLogin;
import dev.reeve.server.secrets.Vault;
import dev.reeve.server.wiring.TrustWiring.PeoplesIdentity;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.TlsContexts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Directory → current snapshot.
@Configuration(proxyBeanMethods = false)
class DirectoryWiring {

  private static final int MAX_KEY_FILE = 1024;

  /// The directory in use: a store of our own, or somebody else's.
  ///
  /// @param address where it speaks LDAP, for people
  record OpenDirectory(
      DirectorySource source, DirectoryAccounts accounts, String address, Runnable closing)
      implements AutoCloseable {
    @Override
    public void close() {
      source.close();
      closing.run();
    }
  }

  @Bean
  OpenDirectory openDirectory(ServerOptions options, PeoplesIdentity people)
      throws EmbeddedDirectoryException {
    OpenDirectory first =
        options.external().isPresent()
            ? external(options.external().get())
            : embedded(options, people);
    return options.further().isEmpty()
        ? first
        : new OpenDirectory(
            joined(options, first.source()), first.accounts(), first.address(), first.closing());
  }

  private static DirectorySource joined(ServerOptions options, DirectorySource first) {
    var withFirst = new HashSet<>(Set.of(options.baseDn()));
    var parts = new ArrayList<JoinedSource.Part>();
    for (FurtherDomain domain : options.further()) {
      if (domain.external().isEmpty()) withFirst.add(domain.baseDn());
      domain
          .external()
          .ifPresent(config ->
              parts.add(new JoinedSource.Part(Set.of(domain.baseDn()), new LdapSource(config))));
    }
    parts.addFirst(new JoinedSource.Part(withFirst, first));
    List<Dn> further = options.further().stream().map(FurtherDomain::baseDn).toList();
    return new JoinedSource(new Domains(options.baseDn(), further), parts);
  }

  private static OpenDirectory external(LdapConfig config) {
    String addresses =
        config.addresses().stream().map(LdapAddress::toString).collect(Collectors.joining(","));
    return new OpenDirectory(new LdapSource(config), new LdapAccounts(config), addresses, () -> {});
  }

  private static OpenDirectory embedded(ServerOptions options, PeoplesIdentity people)
      throws EmbeddedDirectoryException {
    var config =
        EmbeddedDirectoryConfig.of(
                options.state().resolve("directory"),
                options.baseDn().toString(),
                () -> resource("/schema/reeve-embedded.ldif"))
            .withFurtherBases(
                options.further().stream()
                    .filter(domain -> domain.external().isEmpty())
                    .map(domain -> domain.baseDn().toString())
                    .toList())
            .withListener(options.ldap().getAddress(), options.ldap().getPort())
            .withTls(
                new EmbeddedDirectoryConfig.Tls(
                    TlsContexts.forServer(people.identity()), options.ldaps()));
    if (options.sample()) config = config.withInitialContent(() -> resource("/samples/corp.ldif"));
    if (options.ldif().isPresent())
      config = config.withInitialContent(() -> Files.newInputStream(options.ldif().get()));
    EmbeddedDirectory directory = EmbeddedDirectory.open(config);
    return new OpenDirectory(
        new EmbeddedSource(directory),
        new EmbeddedAccounts(directory),
        text(directory.address())
            + directory.tlsAddress().map(ldaps -> ",ldaps://" + text(ldaps)).orElse(""),
        directory::close);
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = DirectoryWiring.class.getResourceAsStream(name);
    if (stream == null) throw new IOException("resource " + name + " is missing from this build");
    return stream;
  }

  @Bean
  Vault vault(ServerOptions options) throws IOException {
    Path file = options.state().resolve("vault.key");
    if (!Files.exists(file)) {
      byte[] key = new byte[Vault.KEY_BYTES];
      new SecureRandom().nextBytes(key);
      DurableFiles.write(file, key, DurableFiles.Access.PRIVATE);
    }
    return new Vault(DurableFiles.read(file, MAX_KEY_FILE));
  }

  /// Of an external directory; the embedded one keeps its own content.
  record Saved(Optional<PictureFile> file) {}

  @Bean
  Saved savedPicture(ServerOptions options, Vault vault) {
    return new Saved(
        options
            .external()
            .map(config ->
                new PictureFile(
                    options.state().resolve("directory.picture"),
                    vault,
                    config.baseDn(),
                    config.addresses().stream().map(LdapAddress::toString).toList())));
  }

  @Bean
  CurrentSnapshot currentSnapshot(OpenDirectory directory, Vault vault, Saved saved, Clock clock)
      throws DirectoryException {
    var snapshot = new CurrentSnapshot(vault, clock);
    DirectoryStart.start(directory.source(), snapshot, saved.file());
    return snapshot;
  }

  /// Closed before the directory is.
  record Keeping(Optional<PictureKeeper> keeper) implements AutoCloseable {
    @Override
    public void close() {
      keeper.ifPresent(PictureKeeper::close);
    }
  }

  @Bean
  Keeping keeping(CurrentSnapshot snapshot, Saved saved) {
    return new Keeping(saved.file().map(file -> new PictureKeeper(snapshot, file)));
  }

  @Bean
  DirectoryLogin directoryLogin(OpenDirectory directory) {
    return directory.accounts()::login;
  }
}
