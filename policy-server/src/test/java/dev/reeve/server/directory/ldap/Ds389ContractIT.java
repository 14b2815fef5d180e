package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.lab.Native389;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.TestCa;
import java.nio.file.Path;

/// 389 Directory Server of this machine.
class Ds389ContractIT extends LdapDirectoryContract {

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(Native389.missing().isEmpty(), () -> Native389.missing().orElse(""));
    return Native389.start(
        state.resolve("389"),
        TestCa.make(state.resolve("ca"), "localhost", "DNS:localhost,IP:127.0.0.1"));
  }
}
