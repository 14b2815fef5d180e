package dev.reeve.benchmarks;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import dev.reeve.cli.lab.LabException;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.Programs;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.ldap.Credentials;
import dev.reeve.server.directory.ldap.LdapAddress;
import dev.reeve.server.directory.ldap.LdapConfig;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A large domain in this machine's own OpenLDAP, loaded with slapadd and gone when closed.
final class FleetSlapd implements AutoCloseable {

  private final Path dir;
  private final NativeSlapd slapd;
  private final Path password;

  private FleetSlapd(Path dir, NativeSlapd slapd) throws IOException {
    this.dir = dir;
    this.slapd = slapd;
    this.password = Files.writeString(dir.resolve("password"), slapd.password());
  }

  static FleetSlapd of(FleetDomain domain) throws LabException {
    for (String program : List.of("ldapsearch", "slapadd"))
      if (Programs.find(program).isEmpty())
        throw new LabException(
            program + " is not installed (Debian: apt-get install slapd ldap-utils)");
    Optional<String> missing = NativeSlapd.missing();
    if (missing.isPresent()) throw new LabException(missing.get());
    try {
      Path dir = Files.createTempDirectory("reeve-bench-slapd");
      try {
        Path ldif = dir.resolve("domain.ldif");
        write(domain, ldif);
        TestCa ca = TestCa.make(dir.resolve("ca"), "localhost", "DNS:localhost,IP:127.0.0.1");
        NativeSlapd slapd = NativeSlapd.start(dir.resolve("slapd"), ca, ldif);
        Files.delete(ldif);
        return new FleetSlapd(dir, slapd);
      } catch (Exception | AssertionError e) {
        delete(dir);
        throw e;
      }
    } catch (Exception | AssertionError e) {
      throw new LabException("cannot make a domain of " + domain + " in slapd", e);
    }
  }

  private static void write(FleetDomain domain, Path ldif) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(ldif)) {
      for (LdapEntry entry : domain.entries()) {
        out.write(entry.toEntry().toLDIFString());
        out.newLine();
      }
    }
  }

  /// As a server is told to follow it.
  LdapConfig config() {
    return config(slapd.tlsAddress().getPort(), slapd.caFile(), password);
  }

  static LdapConfig config(int port, Path caFile, Path password) {
    return new LdapConfig(
        List.of(LdapAddress.parse("ldaps://127.0.0.1:" + port)),
        Dn.parse(NativeDirectory.BASE),
        new Credentials.Password(NativeSlapd.READER, password),
        Optional.of(caFile),
        Optional.empty(),
        false,
        Optional.empty(),
        LdapConfig.Timing.DEFAULTS);
  }

  /// What [#config] is made of, for another process.
  List<String> arguments() {
    return List.of(
        Integer.toString(slapd.tlsAddress().getPort()),
        slapd.caFile().toString(),
        password.toString());
  }

  LDAPConnection administrator() throws LDAPException {
    return slapd.administrator();
  }

  /// `ldapsearch` of everything, as the same account, over the same kind of connection.
  ///
  /// @param options more of them
  ProcessBuilder ldapsearch(List<String> options, List<String> attributes) {
    var command = new ArrayList<String>();
    command.addAll(List.of("ldapsearch", "-x", "-o", "ldif-wrap=no"));
    command.addAll(List.of("-H", "ldaps://127.0.0.1:" + slapd.tlsAddress().getPort()));
    command.addAll(List.of("-D", slapd.reader(), "-y", password.toString()));
    command.addAll(List.of("-b", NativeDirectory.BASE));
    command.addAll(options);
    command.add("(objectClass=*)");
    command.addAll(attributes);
    var builder = new ProcessBuilder(command);
    builder.environment().put("LDAPTLS_CACERT", slapd.caFile().toString());
    return builder;
  }

  @Override
  public void close() {
    slapd.close();
    delete(dir);
  }

  static void delete(Path top) {
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
