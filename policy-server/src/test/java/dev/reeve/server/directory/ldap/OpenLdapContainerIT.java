package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.lab.NativeDirectory;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/// The contract on the OpenLDAP of docker-compose.yml; skipped where there is no Docker.
class OpenLdapContainerIT extends LdapDirectoryContract {

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine");
    return ContainerSlapd.start(state);
  }

  @Override
  Optional<NativeDirectory> launchSecond(Path state) {
    return Optional.empty(); // its configuration has one database
  }
}
