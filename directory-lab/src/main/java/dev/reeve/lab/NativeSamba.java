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
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
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

  private static final String DESCRIPTOR = "nTSecurityDescriptor";
  private static final int DACL = 4;

  private final SambaDomain domain;
  private TestCa ca;
  private final LoopbackAddress address;
  private Optional<Process> process = Optional.empty();
  private Optional<byte[]> shown = Optional.empty(); // access list before a slip

  private NativeSamba(SambaDomain domain, TestCa ca, LoopbackAddress address) {
    this.domain = domain;
    this.ca = ca;
    this.address = address;
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
    return start(dir, Optional.of(ca), domain);
  }

  /// Under the certificate that Samba makes itself, which says a common name and no more.
  public static NativeSamba startUncertified(Path dir) throws Exception {
    return start(dir, Optional.empty(), "corp.example");
  }

  private static NativeSamba start(Path dir, Optional<TestCa> ca, String dnsName) throws Exception {
    LoopbackAddress address = LoopbackAddress.free();
    var domain = new SambaDomain(dir, dnsName, address.text());
    Files.createDirectories(dir);
    domain.provision();
    if (ca.isPresent()) domain.certify(ca.get());
    var samba = new NativeSamba(domain, ca.orElseGet(domain::ownCertificate), address);
    samba.start();
    for (String account : List.of(samba.reader(), samba.limited())) {
      String name = account.substring(0, account.indexOf('@'));
      String unused = samba.tool("user", "create", name, SambaDomain.PASSWORD);
      String unused2 = samba.tool("user", "setexpiry", name, "--noexpiry");
    }
    samba.policyRights("A");
    return samba;
  }

  /// The administrator's own tool, over LDAP.
  ///
  /// @return what it printed
  public String tool(String... words) throws Exception {
    return domain.tool(words);
  }

  /// A domain member's own tool, as the administrator of the domain.
  ///
  /// @return what it printed
  public String net(String... words) throws Exception {
    return domain.net(words);
  }

  /// A key table for the reader.
  public Path keytab() throws Exception {
    return domain.keytab();
  }

  public String address() {
    return address.text();
  }

  @Override
  public void start() throws Exception {
    try (Stream<Path> left = Files.list(domain.dir().resolve("run"))) {
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
            domain.dir().toString());
    builder.environment().putAll(domain.environment());
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    process =
        Optional.of(
            builder
                .redirectErrorStream(true)
                .redirectOutput(
                    ProcessBuilder.Redirect.appendTo(domain.dir().resolve("output").toFile()))
                .start());
    for (int i = 0; i < 600 && process.get().isAlive(); i++) {
      try {
        new LDAPConnection(address.text(), 636).close(); // it has its certificate
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
            + Files.readString(domain.dir().resolve("output")));
  }

  /// Starts it anew under another certificate.
  public void certify(TestCa other) throws Exception {
    stop();
    domain.certify(other);
    ca = other;
    start();
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
          tls.createSSLSocketFactory(),
          address.text(),
          636,
          "administrator@" + domain.name(),
          SambaDomain.PASSWORD);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public InetSocketAddress tlsAddress() {
    return new InetSocketAddress(address.text(), 636);
  }

  @Override
  public InetSocketAddress ldapAddress() {
    return new InetSocketAddress(address.text(), 389);
  }

  @Override
  public Path caFile() {
    return ca.caFile();
  }

  @Override
  public String reader() {
    return "reeve@" + domain.name();
  }

  @Override
  public String limited() {
    return "limited@" + domain.name();
  }

  @Override
  public String password() {
    return SambaDomain.PASSWORD;
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
            .replace("ldap://DC", "ldap://" + address.text())
            .replace("-U administrator", "-U administrator%" + SambaDomain.PASSWORD)
            .replace("SID-OF-ACCOUNT", domain.sid("limited"));
    String unused =
        Programs.run(
            domain.environment(), "", "sh", "-c", line + " -s '" + domain.configuration() + "'");
  }

  /// Denied at the container, and inherited from there.
  @Override
  public void hidePolicies() throws Exception {
    shown = Optional.of(readAccessList(policies()));
    policyRights("D");
  }

  @Override
  public void showPolicies() throws Exception {
    writeAccessList(policies(), shown.orElseThrow());
  }

  /// @return a security descriptor with nothing else in it
  public byte[] readAccessList(String dn) throws LDAPException {
    try (LDAPConnection admin = administrator()) {
      var request = new SearchRequest(dn, SearchScope.BASE, "(objectClass=*)", DESCRIPTOR);
      request.addControl(accessList());
      return Optional.ofNullable(admin.searchForEntry(request))
          .flatMap(found -> Optional.ofNullable(found.getAttributeValueBytes(DESCRIPTOR)))
          .orElseThrow();
    }
  }

  /// @param descriptor nothing but its access list is written
  public void writeAccessList(String dn, byte[] descriptor) throws LDAPException {
    try (LDAPConnection admin = administrator()) {
      var request =
          new ModifyRequest(dn, new Modification(ModificationType.REPLACE, DESCRIPTOR, descriptor));
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
    return "CN=IP Security,CN=System," + domain.base();
  }

  private void policyRights(String kind) throws Exception {
    String unused =
        tool(
            "dsacl",
            "set",
            "--objectdn=" + policies(),
            "--sddl=(" + kind + ";CI;RPLCLORC;;;" + domain.sid("reeve") + ")");
  }

  @Override
  public void close() {
    try {
      stop();
      address.claim().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
