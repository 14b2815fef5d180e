package dev.reeve.lab;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// This machine's own 389 Directory Server with the schema and the rights we ship and the sample
/// domain, in a directory of its own, on loopback.
///
/// An instance is made by hand: dscreate insists on the system's directories.
public final class Native389 extends LoopbackServer {

  private static final String ADMIN = "cn=Directory Manager";
  private static final Path TEMPLATE = Path.of("/usr/share/dirsrv/data/template-dse.ldif");

  private Native389(Path dir, TestCa ca) throws IOException {
    super(dir, ca, ADMIN);
  }

  /// Why it cannot run here; empty = it can.
  public static Optional<String> missing() {
    for (String program : List.of("ns-slapd", "pwdhash", "certutil", "pk12util", "openssl"))
      if (Programs.find(program).isEmpty())
        return Optional.of(
            program + " is not installed (Debian: apt-get install 389-ds-base openssl)");
    return Files.isReadable(TEMPLATE)
        ? Optional.empty()
        : Optional.of(TEMPLATE + " is not there: 389-ds-base keeps it elsewhere");
  }

  public static Native389 start(Path dir, TestCa ca) throws Exception {
    var server = new Native389(dir, ca);
    for (String name :
        List.of("config/schema", "db", "log", "lock", "run", "bak", "ldif", "cert", "inst"))
      Files.createDirectories(dir.resolve(name));
    Files.writeString(
        dir.resolve("config/schema/98reeve.ldif"),
        NativeSlapd.resource("/schema/reeve-389ds.ldif"));
    Files.writeString(dir.resolve("config/certmap.conf"), "certmap default default\n");
    Files.writeString(dir.resolve("config/slapd-collations.conf"), "");
    server.keys();
    Files.writeString(dir.resolve("config/dse.ldif"), server.configuration());
    server.start();
    try (LDAPConnection admin = server.administrator()) {
      String sample = NativeSlapd.resource("/samples/corp.ldif");
      String access = NativeSlapd.resource("/schema/reeve-389ds-access.ldif");
      apply(admin, suffix("userRoot", BASE));
      apply(admin, sample);
      apply(admin, accounts());
      apply(admin, rights());
      apply(admin, access);
      apply(admin, suffix("second", SECOND));
      apply(admin, NativeDirectory.second(sample));
      apply(admin, access.replace("dn: " + BASE, "dn: " + SECOND));
    }
    return server;
  }

  private void keys() throws Exception {
    Path store = dir.resolve("cert");
    Path bundle = dir.resolve("tls.p12");
    String database = "sql:" + store;
    String unused =
        Programs.run(
            "openssl",
            "pkcs12",
            "-export",
            "-in",
            ca.certificate(),
            "-inkey",
            ca.key(),
            "-name",
            "Server-Cert",
            "-passout",
            "pass:",
            "-out",
            bundle);
    String unused2 = Programs.run("certutil", "-N", "-d", database, "--empty-password");
    String unused3 = Programs.run("pk12util", "-i", bundle, "-d", database, "-W", "");
    String unused4 =
        Programs.run("certutil", "-A", "-d", database, "-n", "CA", "-t", "CT,,", "-i", ca.caFile());
  }

  /// The template that the package ships, with its blanks filled in.
  private String configuration() throws Exception {
    String hash = Programs.run("pwdhash", "-s", "PBKDF2-SHA512", PASSWORD).strip();
    String text = Files.readString(TEMPLATE);
    Map<String, Object> blanks =
        Map.ofEntries(
            Map.entry("schema_dir", dir.resolve("config/schema")),
            Map.entry("lock_dir", dir.resolve("lock")),
            Map.entry("tmp_dir", dir.resolve("run")),
            Map.entry("cert_dir", dir.resolve("cert")),
            Map.entry("ldif_dir", dir.resolve("ldif")),
            Map.entry("bak_dir", dir.resolve("bak")),
            Map.entry("run_dir", dir.resolve("run")),
            Map.entry("inst_dir", dir.resolve("inst")),
            Map.entry("log_dir", dir.resolve("log")),
            Map.entry("config_dir", dir.resolve("config")),
            Map.entry("db_dir", dir.resolve("db")),
            Map.entry("db_home_dir", dir.resolve("db")),
            Map.entry("db_lib", "bdb"),
            Map.entry("fqdn", "localhost"),
            Map.entry("ds_port", port),
            Map.entry("ds_user", System.getProperty("user.name")),
            Map.entry("rootdn", ADMIN),
            Map.entry("ds_passwd", hash),
            Map.entry("ldapi_enabled", "off"),
            Map.entry("ldapi", dir.resolve("run/ldapi.socket")),
            Map.entry("ldapi_autobind", "off"),
            Map.entry("ds_suffix", BASE));
    for (var blank : blanks.entrySet())
      text = text.replace("%" + blank.getKey() + "%", blank.getValue().toString());
    text =
        text.replaceFirst(
            "\n\n",
            """

            nsslapd-listenhost: 127.0.0.1
            nsslapd-securelistenhost: 127.0.0.1
            nsslapd-secureport: %d
            nsslapd-security: on

            """
                .formatted(tlsPort));
    text =
        enabled(
            text,
            "cn=Retro Changelog Plugin,cn=plugins,cn=config",
            "nsslapd-attribute: nsuniqueid:targetUniqueId\n");
    return enabled(text, "cn=Content Synchronization,cn=plugins,cn=config", "");
  }

  private static String enabled(String text, String plugin, String more) {
    int from = text.indexOf("dn: " + plugin);
    int to = text.indexOf("\n\n", from) + 1;
    if (from < 0 || to <= 0) throw new AssertionError("no " + plugin + " in " + TEMPLATE);
    String entry = text.substring(from, to).replaceFirst("(?i)(pluginEnabled): off", "$1: on");
    return text.substring(0, from) + entry + more + text.substring(to);
  }

  private static String suffix(String backend, String suffix) {
    return """
    dn: cn=%2$s,cn=ldbm database,cn=plugins,cn=config
    objectClass: top
    objectClass: extensibleObject
    objectClass: nsBackendInstance
    cn: %2$s
    nsslapd-suffix: %1$s

    dn: cn="%1$s",cn=mapping tree,cn=config
    objectClass: top
    objectClass: extensibleObject
    objectClass: nsMappingTree
    cn: %1$s
    nsslapd-state: backend
    nsslapd-backend: %2$s
    """
        .formatted(suffix, backend);
  }

  /// The limited one sees what the schema's own containers are called, and no policy.
  private static String rights() {
    return """
    dn: %s
    changetype: modify
    add: aci
    aci: (targetattr="objectClass || dc || ou || cn")(targetfilter="(|(objectClass=domain)(objectClass=organizationalUnit))")(version 3.0; acl "as dscreate makes it"; allow (read,search,compare) userdn="ldap:///%s";)
    """
        .formatted(BASE, LIMITED);
  }

  private static void apply(LDAPConnection admin, String ldif) throws Exception {
    try (var reader = new LDIFReader(new BufferedReader(new StringReader(ldif)))) {
      for (LDIFChangeRecord record = reader.readChangeRecord(true);
          record != null;
          record = reader.readChangeRecord(true)) record.processChange(admin);
    }
  }

  /// After `kill -9` a first start was seen to end at once, and the second to work.
  @Override
  public void start() throws Exception {
    for (int attempt = 1; !isUp(); attempt++)
      if (attempt == 3)
        throw new AssertionError(
            "ns-slapd does not answer: " + Files.readString(dir.resolve("log/errors")));
  }

  private boolean isUp() throws IOException, InterruptedException {
    Process started =
        launch(
            Programs.find("ns-slapd").orElseThrow().toString(),
            "-D",
            dir.resolve("config").toString(),
            "-i",
            dir.resolve("run/pid").toString(),
            "-d",
            "0");
    for (int i = 0; i < 600 && started.isAlive(); i++) {
      try {
        new LDAPConnection("127.0.0.1", tlsAddress().getPort()).close();
        administrator().close();
        return true;
      } catch (LDAPException _) {
        Thread.sleep(50);
      }
    }
    kill();
    return false;
  }

  @Override
  public void follow(String advice) throws Exception {
    try (LDAPConnection admin = administrator()) {
      NativeDirectory.modify(admin, advice);
    }
  }

  private static final String SLIP =
      "(targetattr=\"ipsecData || ipsecOwnersReference\")(version 3.0; acl \"a slip\"; deny"
          + " (read,search,compare) userdn=\"ldap:///"
          + READER
          + "\";)";

  @Override
  public void hidePolicies() throws Exception {
    try (LDAPConnection admin = administrator()) {
      admin.modify(BASE, new Modification(ModificationType.ADD, "aci", SLIP));
    }
  }

  @Override
  public void showPolicies() throws Exception {
    try (LDAPConnection admin = administrator()) {
      admin.modify(BASE, new Modification(ModificationType.DELETE, "aci", SLIP));
    }
  }

  /// Throws away its changelog, by which the places of its followers are known.
  public void forgetHistory() throws Exception {
    stop();
    try (var files = Files.walk(dir.resolve("db/changelog"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) Files.delete(file);
    }
    start();
  }
}
