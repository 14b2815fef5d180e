package dev.reeve.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// This machine's own OpenLDAP with the schema we ship and the sample domain, in a directory of its
/// own, on loopback: LDAP with StartTLS, and LDAPS.
public final class NativeSlapd extends LoopbackServer {

  public static final String ADMIN = "cn=admin," + BASE;

  private static final List<String> SCHEMAS = List.of("core", "cosine", "nis", "inetorgperson");

  private NativeSlapd(Path dir, TestCa ca) throws IOException {
    super(dir, ca, ADMIN);
  }

  /// Why it cannot run here; empty = it can.
  public static Optional<String> missing() {
    for (String program : List.of("slapd", "slapadd", "openssl"))
      if (Programs.find(program).isEmpty())
        return Optional.of(program + " is not installed (Debian: apt-get install slapd openssl)");
    return firstDirectory("/etc/ldap/schema", "/etc/openldap/schema").isPresent()
        ? Optional.empty()
        : Optional.of("slapd's own schema files are not where they usually are");
  }

  /// With the sample domain.
  public static NativeSlapd start(Path dir, TestCa ca) throws Exception {
    Path sample = Files.createTempFile("corp", ".ldif");
    try {
      return start(dir, ca, Files.writeString(sample, resource("/samples/corp.ldif")));
    } finally {
      Files.delete(sample);
    }
  }

  /// With the sample domain, and another one in a database of its own.
  public static NativeSlapd startWithSecond(Path dir, TestCa ca) throws Exception {
    Path sample = Files.createTempFile("corp", ".ldif");
    Path second = Files.createTempFile("eu", ".ldif");
    try {
      String content = resource("/samples/corp.ldif");
      Files.writeString(sample, content);
      Files.writeString(second, NativeDirectory.second(content));
      return start(dir, ca, sample, Optional.of(second));
    } finally {
      Files.delete(sample);
      Files.delete(second);
    }
  }

  /// @param content LDIF with the domain and all below it
  public static NativeSlapd start(Path dir, TestCa ca, Path content) throws Exception {
    return start(dir, ca, content, Optional.empty());
  }

  private static NativeSlapd start(Path dir, TestCa ca, Path content, Optional<Path> second)
      throws Exception {
    var slapd = new NativeSlapd(dir, ca);
    Files.createDirectories(dir.resolve("db"));
    Files.createDirectories(dir.resolve("db2"));
    Path config = Files.createDirectory(dir.resolve("config"));
    Path text =
        Files.writeString(dir.resolve("config.ldif"), slapd.configuration(second.isPresent()));
    add(0, config, text);
    add(1, config, content);
    add(1, config, Files.writeString(dir.resolve("accounts.ldif"), accounts()));
    if (second.isPresent()) add(2, config, second.get());
    slapd.start();
    return slapd;
  }

  private static void add(int database, Path config, Path ldif) throws Exception {
    Path slapadd = Programs.find("slapadd").orElseThrow();
    String unused =
        database == 0
            ? Programs.run(slapadd, "-n", "0", "-F", config, "-l", ldif)
            : Programs.run(slapadd, "-q", "-w", "-n", database, "-F", config, "-l", ldif);
  }

  private String configuration(boolean second) throws IOException {
    Path schemas = firstDirectory("/etc/ldap/schema", "/etc/openldap/schema").orElseThrow();
    var text = new StringBuilder();
    text.append(
        """
        dn: cn=config
        objectClass: olcGlobal
        cn: config
        olcPidFile: %1$s/slapd.pid
        olcTLSCACertificateFile: %2$s
        olcTLSCertificateFile: %3$s
        olcTLSCertificateKeyFile: %4$s
        olcTLSVerifyClient: never

        """
            .formatted(dir, ca.caFile(), ca.certificate(), ca.key()));
    Path modules = firstDirectory("/usr/lib/ldap", "/usr/lib64/openldap").orElse(Path.of("/"));
    text.append(
        """
        dn: cn=module,cn=config
        objectClass: olcModuleList
        cn: module
        olcModulePath: %s
        olcModuleLoad: back_mdb
        olcModuleLoad: syncprov

        dn: cn=schema,cn=config
        objectClass: olcSchemaConfig
        cn: schema

        """
            .formatted(modules));
    for (String schema : SCHEMAS)
      text.append("include: ").append(schemas.resolve(schema + ".ldif").toUri()).append("\n\n");
    text.append(resource("/schema/reeve-openldap.ldif"));
    text.append(
        """

        dn: olcDatabase={0}config,cn=config
        objectClass: olcDatabaseConfig
        olcDatabase: {0}config
        olcRootDN: cn=admin,cn=config
        olcRootPW: %1$s

        """
            .formatted(PASSWORD));
    text.append(database(1, BASE, "db", "olcRootPW: " + PASSWORD + "\n"));
    if (second) text.append(database(2, SECOND, "db2", ""));
    return text.toString();
  }

  /// One administrator and one reader for all of them.
  private String database(int number, String suffix, String directory, String password) {
    return """

    dn: olcDatabase={%1$d}mdb,cn=config
    objectClass: olcDatabaseConfig
    objectClass: olcMdbConfig
    olcDatabase: {%1$d}mdb
    olcSuffix: %2$s
    olcRootDN: %3$s
    %4$solcDbDirectory: %5$s
    olcDbMaxSize: 4294967296
    olcDbNoSync: TRUE
    olcDbIndex: objectClass,entryCSN,entryUUID eq
    olcSizeLimit: 50
    olcAccess: to attrs=userPassword by anonymous auth by * none
    olcAccess: to * by dn.exact="%6$s" read by dn.exact="%7$s" read by * none
    olcLimits: dn.exact="%6$s" size=unlimited time=unlimited

    dn: olcOverlay={0}syncprov,olcDatabase={%1$d}mdb,cn=config
    objectClass: olcOverlayConfig
    objectClass: olcSyncProvConfig
    olcOverlay: {0}syncprov
    olcSpCheckpoint: 100 1
    olcSpSessionlog: 1000
    """
        .formatted(number, suffix, ADMIN, password, dir.resolve(directory), READER, LIMITED);
  }

  public static String resource(String name) throws IOException {
    try (InputStream stream = NativeSlapd.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream, name).readAllBytes(), UTF_8);
    }
  }

  private static Optional<Path> firstDirectory(String... directories) {
    return Stream.of(directories).map(Path::of).filter(Files::isDirectory).findFirst();
  }

  public int port() {
    return port;
  }

  public Path database() {
    return dir.resolve("db");
  }

  @Override
  public void start() throws Exception {
    Process process =
        launch(
            Programs.find("slapd").orElseThrow().toString(),
            "-d",
            "0",
            "-F",
            dir.resolve("config").toString(),
            "-h",
            "ldap://127.0.0.1:" + port + " ldaps://127.0.0.1:" + tlsPort);
    for (int attempt = 0; attempt < 400; attempt++) {
      try {
        new LDAPConnection("127.0.0.1", port).close();
        return;
      } catch (LDAPException e) {
        if (!process.isAlive()) break;
        Thread.sleep(50);
      }
    }
    throw new AssertionError("slapd does not answer: " + Files.readString(output()));
  }

  @Override
  public void follow(String advice) throws Exception {
    try (LDAPConnection configurator = configurator()) {
      NativeDirectory.modify(configurator, advice);
    }
  }

  private static final String PASSWORDS = "to attrs=userPassword by anonymous auth by * none";
  private static final String READABLE =
      "to * by dn.exact=\"%s\" read by dn.exact=\"%s\" read by * none".formatted(READER, LIMITED);

  @Override
  public void hidePolicies() throws Exception {
    access(PASSWORDS, "to attrs=ipsecData,ipsecOwnersReference by * none", READABLE);
  }

  @Override
  public void showPolicies() throws Exception {
    access(PASSWORDS, READABLE);
  }

  private void access(String... rules) throws LDAPException {
    try (LDAPConnection configurator = configurator()) {
      configurator.modify(
          "olcDatabase={1}mdb,cn=config",
          new Modification(ModificationType.REPLACE, "olcAccess", rules));
    }
  }

  /// Its configuration, changed while it runs.
  public LDAPConnection configurator() throws LDAPException {
    return new LDAPConnection("127.0.0.1", port, "cn=admin,cn=config", PASSWORD);
  }
}
