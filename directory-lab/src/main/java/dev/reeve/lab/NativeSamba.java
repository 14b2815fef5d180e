package dev.reeve.lab;

import com.unboundid.asn1.ASN1Integer;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// This machine's own Samba as domain controller of a fresh domain, everything in a directory of
/// its own. Its ports are fixed, so it has a loopback address of its own, which needs no
/// configuration; its sockets' directory is fixed, so it has a mount namespace of its own.
public final class NativeSamba implements NativeDirectory {

  public static final String REALM = "CORP.EXAMPLE";
  public static final String HOST = "dc1.corp.example";

  private static final String PASSWORD = "Only-4-This-Test";
  private static final String DESCRIPTOR = "nTSecurityDescriptor";
  private static final int DACL = 4;
  private static final int CLAIM = 9; // no port of Samba's
  private static final String SERVICES = "s3fs, rpc, ldap, cldap, kdc, winbindd";

  private final Path dir;
  private final TestCa ca;
  private final String address;
  private final ServerSocket claim;
  private final String domain;
  private Optional<Process> process = Optional.empty();
  private Optional<byte[]> shown = Optional.empty(); // access list before a slip

  private NativeSamba(Path dir, TestCa ca, Address address, String domain) {
    this.dir = dir;
    this.ca = ca;
    this.address = address.text();
    this.claim = address.claim();
    this.domain = domain;
  }

  private String base() {
    return "DC=" + domain.replace(".", ",DC=");
  }

  private String realm() {
    return domain.toUpperCase(Locale.ROOT);
  }

  private String host() {
    return "dc1." + domain;
  }

  /// Why it cannot run here; empty = it can.
  public static Optional<String> missing() {
    if (!Programs.isRoot()) return Optional.of("not root: Samba's ports and file owners need it");
    for (String program : List.of("samba", "samba-tool", "smbd", "winbindd", "unshare", "openssl"))
      if (Programs.find(program).isEmpty())
        return Optional.of(
            program
                + " is not installed (Debian: apt-get install samba samba-ad-provision"
                + " samba-dsdb-modules samba-vfs-modules winbind)");
    if (!Files.isDirectory(Path.of("/usr/share/samba/setup")))
      return Optional.of("Samba cannot provision (Debian: apt-get install samba-ad-provision)");
    for (String module : List.of("ldb/samba_dsdb.so", "vfs/acl_xattr.so"))
      if (!isModule(module))
        return Optional.of(
            "Samba's "
                + module
                + " is missing (Debian: apt-get install samba-dsdb-modules samba-vfs-modules)");
    try {
      String unused = Programs.run("unshare", "-m", "true");
    } catch (IOException e) {
      return Optional.of("no mount namespace can be made here: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Optional.empty();
  }

  private static boolean isModule(String module) {
    try (Stream<Path> architectures = Files.list(Path.of("/usr/lib"))) {
      return Stream.concat(Stream.of(Path.of("/usr/lib"), Path.of("/usr/lib64")), architectures)
          .anyMatch(lib -> Files.exists(lib.resolve("samba").resolve(module)));
    } catch (IOException _) {
      return false;
    }
  }

  public static NativeSamba start(Path dir, TestCa ca) throws Exception {
    return start(dir, ca, "corp.example");
  }

  /// @param domain its DNS name
  public static NativeSamba start(Path dir, TestCa ca, String domain) throws Exception {
    var samba = new NativeSamba(dir, ca, freeAddress(), domain);
    Files.createDirectories(dir);
    samba.provision();
    samba.start();
    for (String account : List.of(samba.reader(), samba.limited())) {
      String name = account.substring(0, account.indexOf('@'));
      String unused = samba.tool("user", "create", name, PASSWORD);
      String unused2 = samba.tool("user", "setexpiry", name, "--noexpiry");
    }
    samba.policyRights("A");
    return samba;
  }

  /// A loopback address, and a port of it that nobody else uses: bound, it keeps the address from
  /// other test runs of this machine, and the kernel frees it with this process.
  private record Address(String text, ServerSocket claim) {}

  /// Any address of 127.0.0.0/8 can be bound to.
  private static Address freeAddress() throws IOException {
    for (int i = 5; i < 250; i++) {
      String candidate = "127.0.77." + i;
      ServerSocket claim;
      try {
        claim = new ServerSocket(CLAIM, 1, InetAddress.getByName(candidate));
      } catch (IOException _) {
        continue; // another run's
      }
      try (var _ = new ServerSocket(389, 1, InetAddress.getByName(candidate));
          var _ = new ServerSocket(636, 1, InetAddress.getByName(candidate))) {
        return new Address(candidate, claim);
      } catch (IOException _) {
        claim.close(); // in use
      }
    }
    throw new IOException("no address of 127.0.77.0/24 has its LDAP ports free");
  }

  private void provision() throws Exception {
    Path empty = Files.writeString(dir.resolve("empty.conf"), "[global]\n");
    String unused =
        Programs.run(
            "samba-tool",
            "domain",
            "provision",
            "-s",
            empty,
            "--targetdir=" + dir,
            "--realm=" + realm(),
            "--domain=" + realm().substring(0, realm().indexOf('.')),
            "--host-name=dc1",
            "--host-ip=" + address,
            "--adminpass=" + PASSWORD,
            "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL",
            "--option=interfaces=" + address + "/8",
            "--option=bind interfaces only=yes");
    Path tls = dir.resolve("private/tls");
    for (var file :
        Map.of("ca.pem", ca.caFile(), "cert.pem", ca.certificate(), "key.pem", ca.key()).entrySet())
      Files.copy(file.getValue(), tls.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(
        tls.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
    for (String name : List.of("run", "cache", "log")) Files.createDirectories(dir.resolve(name));
    Path conf = dir.resolve("etc/smb.conf");
    Files.writeString(
        conf,
        Files.readString(conf)
            .replaceFirst(
                "\\[global]\n",
                Matcher.quoteReplacement(
                    """
                    [global]
                    server services = %s
                    logging = file
                    log file = %s/log/%%m.log
                    load printers = no
                    disable spoolss = yes
                    """
                        .formatted(SERVICES, dir))));
    // Without the service dnsupdate nobody registers what Kerberos clients ask for.
    for (String name : List.of("ldap/" + host(), "ldap/" + host() + "/" + domain))
      onDisk("spn", "add", name, "DC1$");
    Files.writeString(
        dir.resolve("krb5.conf"),
        """
        [libdefaults]
         default_realm = %1$s
         dns_lookup_realm = false
         dns_lookup_kdc = false
         dns_canonicalize_hostname = false
         rdns = false
        [realms]
         %1$s = {
          kdc = %2$s
          kpasswd_server = %2$s
         }
        [domain_realm]
         .%3$s = %1$s
        """
            .formatted(realm(), address, domain));
  }

  /// On the files, past all access control and even when the server does not run.
  private void onDisk(String... words) throws Exception {
    var command = new ArrayList<Object>(List.of("samba-tool"));
    command.addAll(List.of(words));
    command.add("-H");
    command.add(dir.resolve("private/sam.ldb"));
    command.add("-s");
    command.add(dir.resolve("etc/smb.conf"));
    String unused = Programs.run(command.toArray());
  }

  /// The administrator's own tool, over LDAP.
  ///
  /// @return what it printed
  public String tool(String... words) throws Exception {
    var command = new ArrayList<Object>(List.of("samba-tool"));
    command.addAll(List.of(words));
    command.add("-H");
    command.add("ldap://" + address);
    command.add("-s");
    command.add(dir.resolve("etc/smb.conf"));
    command.add("-U");
    command.add("administrator%" + PASSWORD);
    return Programs.run(environment(), "", command.toArray());
  }

  private Map<String, String> environment() {
    return Map.of("KRB5_CONFIG", dir.resolve("krb5.conf").toString());
  }

  private String sid(String account) throws Exception {
    String shown = tool("user", "show", account, "--attributes=objectSid");
    Matcher sid = Pattern.compile("objectSid: (S-[0-9-]+)").matcher(shown);
    if (!sid.find()) throw new AssertionError(shown);
    return sid.group(1);
  }

  /// A key table for the reader.
  public Path keytab() throws Exception {
    Path keytab = dir.resolve("reeve.keytab");
    String unused =
        Programs.run(
            "samba-tool",
            "domain",
            "exportkeytab",
            keytab,
            "--principal=reeve",
            "-s",
            dir.resolve("etc/smb.conf"));
    return keytab;
  }

  public String address() {
    return address;
  }

  @Override
  public void start() throws Exception {
    try (Stream<Path> left = Files.list(dir.resolve("run"))) {
      for (Path file : left.filter(f -> f.toString().endsWith(".pid")).toList()) Files.delete(file);
    }
    Files.createDirectories(Path.of("/run/samba"));
    var builder =
        new ProcessBuilder(
            Programs.find("unshare").orElseThrow().toString(),
            "-m",
            "sh",
            "-c",
            "mount --bind \"$0/run\" /run/samba && exec samba -s \"$0/etc/smb.conf\" -F"
                + " --no-process-group -M prefork -d 0",
            dir.toString());
    builder.environment().putAll(environment());
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    process =
        Optional.of(
            builder
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("output").toFile()))
                .start());
    for (int i = 0; i < 600 && process.get().isAlive(); i++) {
      try {
        administrator().close();
        return;
      } catch (LDAPException _) {
        Thread.sleep(100);
      }
    }
    boolean alive = process.get().isAlive();
    stop();
    throw new AssertionError(
        "samba "
            + (alive ? "does not answer: " : "ended: ")
            + Files.readString(dir.resolve("output")));
  }

  /// The parent ends its children.
  @Override
  public void stop() throws InterruptedException {
    end(false);
  }

  @Override
  public void kill() throws InterruptedException {
    end(true);
  }

  private void end(boolean atOnce) throws InterruptedException {
    if (process.isEmpty()) return;
    List<ProcessHandle> children = process.get().descendants().toList();
    if (!atOnce) process.get().destroy();
    if (atOnce || !process.get().waitFor(30, TimeUnit.SECONDS)) {
      process.get().destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      int unused = process.get().waitFor();
    }
    for (ProcessHandle child : children) {
      var ended = child.onExit().completeOnTimeout(child, 5, TimeUnit.SECONDS).join();
      boolean unused = ended.isAlive() && ended.destroyForcibly();
    }
    process = Optional.empty();
  }

  @Override
  public LDAPConnection administrator() throws LDAPException {
    try {
      var tls = new SSLUtil(new PEMFileTrustManager(ca.caFile().toFile()));
      return new LDAPConnection(
          tls.createSSLSocketFactory(), address, 636, "administrator@" + domain, PASSWORD);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public InetSocketAddress tlsAddress() {
    return new InetSocketAddress(address, 636);
  }

  @Override
  public Path caFile() {
    return ca.caFile();
  }

  @Override
  public String reader() {
    return "reeve@" + domain;
  }

  @Override
  public String limited() {
    return "limited@" + domain;
  }

  @Override
  public String password() {
    return PASSWORD;
  }

  @Override
  public Dialect dialect() {
    return Dialect.ACTIVE_DIRECTORY;
  }

  /// Runs the command that the advice prints, its three blanks filled in.
  @Override
  public void follow(String advice) throws Exception {
    Matcher command = Pattern.compile("samba-tool dsacl set .*").matcher(advice);
    if (!command.find()) throw new AssertionError("no command in: " + advice);
    String line =
        command
            .group()
            .replace("ldap://DC", "ldap://" + address)
            .replace("-U administrator", "-U administrator%" + PASSWORD)
            .replace("SID-OF-ACCOUNT", sid("limited"));
    String unused =
        Programs.run(
            environment(), "", "sh", "-c", line + " -s '" + dir.resolve("etc/smb.conf") + "'");
  }

  /// Denied at the container, and inherited from there.
  @Override
  public void hidePolicies() throws Exception {
    try (LDAPConnection admin = administrator()) {
      var request = new SearchRequest(policies(), SearchScope.BASE, "(objectClass=*)", DESCRIPTOR);
      request.addControl(accessList());
      shown =
          Optional.ofNullable(admin.searchForEntry(request))
              .flatMap(found -> Optional.ofNullable(found.getAttributeValueBytes(DESCRIPTOR)));
    }
    policyRights("D");
  }

  @Override
  public void showPolicies() throws Exception {
    try (LDAPConnection admin = administrator()) {
      var request =
          new ModifyRequest(
              policies(),
              new Modification(ModificationType.REPLACE, DESCRIPTOR, shown.orElseThrow()));
      request.addControl(accessList());
      admin.modify(request);
    }
  }

  private static Control accessList() {
    return new Control(
        "1.2.840.113556.1.4.801",
        true,
        new ASN1OctetString(new ASN1Sequence(new ASN1Integer(DACL)).encode()));
  }

  private String policies() {
    return "CN=IP Security,CN=System," + base();
  }

  private void policyRights(String kind) throws Exception {
    String unused =
        tool(
            "dsacl",
            "set",
            "--objectdn=" + policies(),
            "--sddl=(" + kind + ";CI;RPLCLORC;;;" + sid("reeve") + ")");
  }

  @Override
  public void close() {
    try {
      stop();
      claim.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
