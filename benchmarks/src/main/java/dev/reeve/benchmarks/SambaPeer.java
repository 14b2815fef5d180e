package dev.reeve.benchmarks;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFException;
import dev.reeve.cli.lab.LabException;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSamba;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.Reason;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.ldap.Credentials;
import dev.reeve.server.directory.ldap.LdapAddress;
import dev.reeve.server.directory.ldap.LdapConfig;
import dev.reeve.server.directory.ldap.LdapSource;
import dev.reeve.server.secrets.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `samba-tool gpo list HOST` and our own reading of the same small Samba domain, in turns.
final class SambaPeer {

  static final int MOST_OBJECTS = 500;

  private static final int DEPTH = 4;
  private static final int GPOS_EACH = 5;
  private static final int HOSTS = 10;
  private static final int PATIENCE_SECONDS = 60;
  private static final Pattern GUID = Pattern.compile("\\{[0-9A-Fa-f-]{36}}");

  /// @param objects of the domain, without configuration and schema
  /// @param millis ours for one host, beside samba-tool's
  record Sample(int objects, Rounds millis) {}

  private SambaPeer() {}

  /// Why it cannot run here; empty = it can.
  static Optional<String> missing() {
    return NativeSamba.missing();
  }

  static Sample measure() throws LabException {
    try {
      Path dir = Files.createTempDirectory("reeve-bench-samba");
      try {
        TestCa ca = TestCa.make(dir.resolve("ca"), NativeSamba.HOST, "DNS:" + NativeSamba.HOST);
        try (NativeSamba samba = NativeSamba.start(dir.resolve("samba"), ca)) {
          return measure(samba, Files.writeString(dir.resolve("password"), samba.password()));
        }
      } finally {
        FleetSlapd.delete(dir);
      }
    } catch (LabException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      throw new LabException("cannot measure samba-tool gpo list", e);
    }
  }

  private static Sample measure(NativeSamba samba, Path password) throws Exception {
    int objects;
    try (LDAPConnection administrator = samba.administrator()) {
      fill(administrator);
      objects =
          administrator
              .search(NativeDirectory.BASE, SearchScope.SUB, "(objectClass=*)", "1.1")
              .getEntryCount();
    }
    if (objects > MOST_OBJECTS)
      throw new LabException(objects + " objects, wanted at most " + MOST_OBJECTS);
    LdapConfig config = config(samba, password);
    var millis = new Rounds();
    for (int host = -1; host < HOSTS; host++) {
      int number = Math.max(host, 0);
      long start = System.nanoTime();
      String listed = samba.tool("gpo", "list", name(number) + "$");
      double theirs = (System.nanoTime() - start) / 1e6;
      start = System.nanoTime();
      Set<String> ours = read(config, Dn.parse("CN=" + name(number) + "," + ou(DEPTH)));
      double mine = (System.nanoTime() - start) / 1e6;
      agree(ours, listed);
      if (host >= 0) millis.add(mine, theirs);
    }
    return new Sample(objects, millis);
  }

  /// OUs in each other, each with GPOs linked, and the hosts in the innermost.
  private static void fill(LDAPConnection administrator) throws LDAPException, LDIFException {
    for (int level = 1; level <= DEPTH; level++) {
      var links = new StringBuilder();
      for (int i = 0; i < GPOS_EACH; i++) {
        String guid = "{00000000-0000-4000-8000-%012d}".formatted(level * 100 + i);
        String gpo = "CN=" + guid + ",CN=Policies,CN=System," + NativeDirectory.BASE;
        administrator.add(
            "dn: " + gpo,
            "objectClass: groupPolicyContainer",
            "displayName: Bench " + level + "." + i,
            "flags: 0",
            "versionNumber: 1",
            "gPCFunctionalityVersion: 2",
            "gPCMachineExtensionNames: [{E437BC1C-AA7D-11D2-A382-00C04F991E27}"
                + "{DEA8AFA0-CC85-11D0-9CE2-0080C7221EBD}]",
            "gPCFileSysPath: \\\\corp.example\\sysvol\\corp.example\\Policies\\" + guid);
        links.append("[LDAP://").append(gpo).append(";0]");
      }
      administrator.add("dn: " + ou(level), "objectClass: organizationalUnit");
      administrator.modify(
          ou(level), new Modification(ModificationType.REPLACE, "gPLink", links.toString()));
    }
    for (int host = 0; host < HOSTS; host++)
      administrator.add(
          "dn: CN=" + name(host) + "," + ou(DEPTH),
          "objectClass: computer",
          "sAMAccountName: " + name(host) + "$",
          "userAccountControl: 4096");
  }

  private static String name(int host) {
    return "BENCH" + host;
  }

  private static String ou(int level) {
    return level == 0 ? NativeDirectory.BASE : "OU=level" + level + "," + ou(level - 1);
  }

  private static LdapConfig config(NativeSamba samba, Path password) {
    return new LdapConfig(
        List.of(LdapAddress.parse("ldaps://" + samba.address())),
        Dn.parse(NativeDirectory.BASE),
        new Credentials.Password(samba.reader(), password),
        Optional.of(samba.caFile()),
        Optional.of(NativeSamba.HOST),
        false,
        Optional.empty(),
        LdapConfig.Timing.DEFAULTS);
  }

  /// Everything from the connection on, nothing kept from the host before.
  ///
  /// @return the GUIDs of the GPOs that apply, or would if they were not empty
  private static Set<String> read(LdapConfig config, Dn computer)
      throws DirectoryException, InterruptedException, LabException {
    var ready = new CountDownLatch(1);
    try (var current =
            new CurrentSnapshot(new Vault(new byte[Vault.KEY_BYTES]), Clock.systemUTC());
        var source = new LdapSource(config)) {
      current.onChange(ready::countDown);
      source.start(current);
      if (!ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
        throw new LabException("no picture of Samba's domain");
      return current.view().orElseThrow().rsop().resolve(RsopQuery.of(computer)).links().stream()
          .filter(SambaPeer::isListed)
          .map(LinkVerdict::guid)
          .collect(Collectors.toSet());
    }
  }

  /// samba-tool looks at no version: it lists the default domain policy of a fresh domain, which is
  /// empty.
  private static boolean isListed(LinkVerdict verdict) {
    return verdict.applied() || verdict.reason().equals(Optional.of(Reason.EMPTY));
  }

  /// A peer that gives another answer is no peer.
  private static void agree(Set<String> ours, String listed) throws LabException {
    var theirs = new ArrayList<String>();
    GUID.matcher(listed).results().forEach(found -> theirs.add(found.group()));
    theirs.replaceAll(guid -> guid.toUpperCase(Locale.ROOT));
    if (!ours.equals(Set.copyOf(theirs)) || ours.size() < DEPTH * GPOS_EACH)
      throw new LabException(
          "samba-tool lists " + new TreeSet<>(theirs) + ", we find " + new TreeSet<>(ours));
  }
}
