package dev.reeve.server.wiring;

import com.unboundid.ldap.sdk.LDAPException;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.DirectorySource;
import dev.reeve.server.directory.EmbeddedSource;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryConfig;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException;
import dev.reeve.server.rsop.DirectoryLogin;
import dev.reeve.server.secrets.Vault;
import dev.reeve.trust.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Directory → current snapshot.
@Configuration(proxyBeanMethods = false)
class DirectoryWiring {

  private static final int MAX_KEY_FILE = 1024;

  @Bean
  EmbeddedDirectory embeddedDirectory(ServerOptions options) throws EmbeddedDirectoryException {
    var config =
        EmbeddedDirectoryConfig.of(
                options.state().resolve("directory"),
                options.baseDn().toString(),
                () -> resource("/schema/reeve-embedded.ldif"))
            .withListener(options.ldap().getAddress(), options.ldap().getPort());
    if (options.sample()) config = config.withInitialContent(() -> resource("/samples/corp.ldif"));
    if (options.ldif().isPresent())
      config = config.withInitialContent(() -> Files.newInputStream(options.ldif().get()));
    return EmbeddedDirectory.open(config);
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

  @Bean
  DirectorySource directorySource(EmbeddedDirectory directory) {
    return new EmbeddedSource(directory);
  }

  @Bean
  CurrentSnapshot currentSnapshot(DirectorySource source, Vault vault, Clock clock)
      throws DirectoryException {
    var snapshot = new CurrentSnapshot(vault, clock);
    source.start(snapshot);
    return snapshot;
  }

  @Bean
  DirectoryLogin directoryLogin(EmbeddedDirectory directory) {
    return (user, password) -> {
      if (user.isEmpty() || password.isEmpty())
        return Optional.empty(); // LDAP would call that anonymous and say yes
      try {
        return directory.authenticate(user, password);
      } catch (LDAPException e) {
        LoggerFactory.getLogger("directory").warn("login of {}: {}", user, e.getMessage());
        return Optional.empty();
      }
    };
  }
}
