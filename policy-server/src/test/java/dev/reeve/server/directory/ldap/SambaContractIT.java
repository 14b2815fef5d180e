package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/// A Samba Active Directory of this machine.
class SambaContractIT extends LdapDirectoryContract {

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(NativeSamba.missing().isEmpty(), () -> NativeSamba.missing().orElse(""));
    return NativeSamba.start(
        state.resolve("samba"),
        TestCa.make(state.resolve("ca"), "dc1.corp.example", "DNS:dc1.corp.example,IP:127.0.0.1"));
  }
}
