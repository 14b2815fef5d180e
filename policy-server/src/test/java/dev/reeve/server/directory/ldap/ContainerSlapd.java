package dev.reeve.server.directory.ldap;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.Programs;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// OpenLDAP of docker-compose.yml in its container, on ports that stay the same when it is
/// restarted.
final class ContainerSlapd implements NativeDirectory {

  private static final String LIMITED = "cn=limited," + BASE;
  private static final int LDAP = 389;
  private static final int LDAPS = 636;
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  private final GenericContainer<?> container;
  private final int port;
  private final int tlsPort;
  private final Path ca;
  private final String adminPassword;
  private final String readerPassword;

  private ContainerSlapd(GenericContainer<?> container, int port, int tlsPort, Path dir)
      throws Exception {
    this.container = container;
    this.port = port;
    this.tlsPort = tlsPort;
    this.ca = dir.resolve("ca.pem");
    container.copyFileFromContainer("/secrets/ca.pem", ca.toString());
    this.adminPassword = run("cat", "/secrets/admin.password");
    this.readerPassword = run("cat", "/secrets/reeve.password");
  }

  static ContainerSlapd start(Path dir) throws Exception {
    int port = Programs.freePort();
    int tlsPort = Programs.freePort();
    var image = new ImageFromDockerfile();
    for (String file :
        new String[] {
          "docker/openldap/start",
          "docker/openldap/config.ldif",
          "ldap-schema/src/main/resources/schema/reeve-openldap.ldif",
          "ldap-schema/src/main/resources/samples/corp.ldif"
        }) image.withFileFromPath(file, TOP.resolve(file));
    image.withFileFromPath("Dockerfile", TOP.resolve("docker/openldap/Dockerfile"));
    var container =
        new GenericContainer<>(image)
            .withCreateContainerCmdModifier(command ->
                command
                    .withExposedPorts(ExposedPort.tcp(LDAP), ExposedPort.tcp(LDAPS))
                    .withHostConfig(
                        new HostConfig()
                            .withPortBindings(bound(port, LDAP), bound(tlsPort, LDAPS))))
            .waitingFor(Wait.forSuccessfulCommand("ldapwhoami -Q -Y EXTERNAL -H ldapi:///"));
    container.start();
    var directory = new ContainerSlapd(container, port, tlsPort, dir);
    try (LDAPConnection admin = directory.administrator()) {
      admin.add(
          "dn: " + LIMITED,
          "objectClass: organizationalRole",
          "objectClass: simpleSecurityObject",
          "cn: limited",
          "userPassword: " + directory.readerPassword);
    }
    return directory;
  }

  private static PortBinding bound(int port, int inside) {
    return new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(inside));
  }

  private String run(String... command) throws Exception {
    var result = container.execInContainer(command);
    if (result.getExitCode() != 0) throw new AssertionError(result.toString());
    return result.getStdout();
  }

  @Override
  public LDAPConnection administrator() throws LDAPException {
    try {
      var tls = new SSLUtil(new PEMFileTrustManager(ca.toFile()));
      return new LDAPConnection(
          tls.createSSLSocketFactory(), "127.0.0.1", tlsPort, "cn=admin," + BASE, adminPassword);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
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
    return ca;
  }

  @Override
  public String reader() {
    return "cn=reeve," + BASE;
  }

  @Override
  public String limited() {
    return LIMITED;
  }

  @Override
  public String password() {
    return readerPassword;
  }

  @Override
  public Dialect dialect() {
    return Dialect.OURS;
  }

  @Override
  public void start() throws Exception {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    while (true) {
      try {
        administrator().close();
        return;
      } catch (LDAPException e) {
        if (!container.isRunning()) throw new AssertionError(container.getLogs(), e);
        Thread.sleep(100);
      }
    }
  }

  @Override
  public void stop() {
    container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void kill() {
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
  }

  /// The printed command as it stands: the container's user may change the configuration.
  @Override
  public void follow(String advice) throws Exception {
    Matcher command = Pattern.compile("ldapmodify .*?\n *END", Pattern.DOTALL).matcher(advice);
    if (!command.find()) throw new AssertionError("no command in: " + advice);
    String unused = run("sh", "-c", command.group().stripIndent() + "\n");
  }

  @Override
  public void hidePolicies() throws Exception {
    configure("add: olcAccess\nolcAccess: {1}to attrs=ipsecData,ipsecOwnersReference by * none\n");
  }

  @Override
  public void showPolicies() throws Exception {
    configure("delete: olcAccess\nolcAccess: {1}\n");
  }

  private void configure(String change) throws Exception {
    String unused =
        run(
            "sh",
            "-c",
            "ldapmodify -Q -Y EXTERNAL -H ldapi:/// <<'END'\n"
                + "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\n"
                + change
                + "END\n");
  }

  @Override
  public void close() {
    container.stop();
  }
}
