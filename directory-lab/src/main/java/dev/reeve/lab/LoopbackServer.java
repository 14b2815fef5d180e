package dev.reeve.lab;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A server process of a test's own on loopback, in a directory of its own, with LDAP, LDAPS and
/// our own schema.
abstract class LoopbackServer implements NativeDirectory {

  public static final String READER = "cn=reeve," + BASE;
  public static final String LIMITED = "cn=limited," + BASE;
  public static final String PASSWORD = "only-for-this-test";

  final Path dir;
  final TestCa ca;
  final int port;
  final int tlsPort;
  private final String administrator;
  private Optional<Process> process = Optional.empty();

  /// @param administrator its DN; the password is that of all accounts
  LoopbackServer(Path dir, TestCa ca, String administrator) throws IOException {
    this.dir = dir;
    this.ca = ca;
    this.port = Programs.freePort();
    this.tlsPort = Programs.freePort();
    this.administrator = administrator;
  }

  /// The entries of the two accounts, which are nothing else.
  static String accounts() {
    var text = new StringBuilder();
    for (String dn : List.of(READER, LIMITED))
      text.append(
          """
          dn: %s
          objectClass: organizationalRole
          objectClass: simpleSecurityObject
          cn: %s
          userPassword: %s

          """
              .formatted(dn, dn.substring(3, dn.indexOf(',')), PASSWORD));
    return text.toString();
  }

  /// What it says goes to [#output].
  final Process launch(String... command) throws IOException {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
            .start();
    process = Optional.of(started);
    return started;
  }

  final Path output() {
    return dir.resolve("output");
  }

  @Override
  public void stop() throws InterruptedException {
    if (process.isEmpty()) return;
    process.get().destroy();
    if (!process.get().waitFor(30, TimeUnit.SECONDS)) kill();
    process = Optional.empty();
  }

  @Override
  public void kill() throws InterruptedException {
    if (process.isEmpty()) return;
    int unused = process.get().destroyForcibly().waitFor();
    process = Optional.empty();
  }

  @Override
  public LDAPConnection administrator() throws LDAPException {
    return new LDAPConnection("127.0.0.1", port, administrator, PASSWORD);
  }

  @Override
  public InetSocketAddress tlsAddress() {
    return new InetSocketAddress("127.0.0.1", tlsPort);
  }

  @Override
  public InetSocketAddress ldapAddress() {
    return new InetSocketAddress("127.0.0.1", port);
  }

  @Override
  public Path caFile() {
    return ca.caFile();
  }

  @Override
  public String reader() {
    return READER;
  }

  @Override
  public String limited() {
    return LIMITED;
  }

  @Override
  public String password() {
    return PASSWORD;
  }

  @Override
  public Dialect dialect() {
    return Dialect.OURS;
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
