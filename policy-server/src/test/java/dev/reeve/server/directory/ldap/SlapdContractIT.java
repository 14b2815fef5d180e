package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.TestCa;
import java.nio.file.Path;

/// OpenLDAP of this machine.
class SlapdContractIT extends LdapDirectoryContract {

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(NativeSlapd.missing().isEmpty(), () -> NativeSlapd.missing().orElse(""));
    return NativeSlapd.startWithSecond(
        state.resolve("slapd"),
        TestCa.make(state.resolve("ca"), "localhost", "DNS:localhost,IP:127.0.0.1"));
  }
}
