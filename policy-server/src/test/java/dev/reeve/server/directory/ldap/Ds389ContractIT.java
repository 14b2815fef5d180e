package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.lab.Native389;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.TestCa;
import dev.reeve.schema.names.LdapAttribute;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// 389 Directory Server of this machine.
class Ds389ContractIT extends LdapDirectoryContract {

  /// Result 4096, e-syncRefreshRequired.
  @Test
  void a_cookie_that_the_server_no_longer_knows_costs_a_full_read() throws Exception {
    follow(seen());
    set(domain().files(), LdapAttribute.DESCRIPTION, "so that there is a cookie of its own");
    seen()
        .await(
            "it",
            s -> s.text(domain().files(), LdapAttribute.DESCRIPTION).orElse("").contains("cookie"));
    lose();
    admin().delete(domain().files1());
    ((Native389) server()).forgetHistory();
    reconnect();
    find();
    seen().await("a full read", s -> s.resets() == 2 && s.find(domain().files1()).isEmpty());
    awaitTruth();
  }

  @Override
  NativeDirectory launch(Path state) throws Exception {
    assumeTrue(Native389.missing().isEmpty(), () -> Native389.missing().orElse(""));
    return Native389.start(
        state.resolve("389"),
        TestCa.make(state.resolve("ca"), "localhost", "DNS:localhost,IP:127.0.0.1"));
  }
}
