package dev.reeve.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files of a fresh domain, and Samba's own tool to make and to change it.
///
/// @param name its DNS name
/// @param address of its only controller
record SambaDomain(Path dir, String name, String address) {

  static final String PASSWORD = "Only-4-This-Test";

  private static final String SERVICES = "s3fs, rpc, ldap, cldap, kdc, winbindd";

  String base() {
    return "DC=" + name.replace(".", ",DC=");
  }

  String realm() {
    return name.toUpperCase(Locale.ROOT);
  }

  private String workgroup() {
    return realm().substring(0, realm().indexOf('.'));
  }

  String host() {
    return "dc1." + name;
  }

  Path configuration() {
    return dir.resolve("etc/smb.conf");
  }

  void provision() throws Exception {
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
            "--domain=" + workgroup(),
            "--host-name=dc1",
            "--host-ip=" + address,
            "--adminpass=" + PASSWORD,
            "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL",
            "--option=interfaces=" + address + "/8",
            "--option=bind interfaces only=yes");
    for (String part : List.of("run", "cache", "log")) Files.createDirectories(dir.resolve(part));
    Path conf = configuration();
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
    for (String principal : List.of("ldap/" + host(), "ldap/" + host() + "/" + name))
      onDisk("spn", "add", principal, "DC1$");
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
            .formatted(realm(), address, name));
  }

  /// What it makes itself when it starts and has been given none: a common name is all that it
  /// says.
  TestCa ownCertificate() {
    Path tls = dir.resolve("private/tls");
    return new TestCa(tls.resolve("ca.pem"), tls.resolve("cert.pem"), tls.resolve("key.pem"));
  }

  /// From its next start on.
  void certify(TestCa ca) throws IOException {
    TestCa here = ownCertificate();
    var files =
        Map.of(
            here.caFile(), ca.caFile(), here.certificate(), ca.certificate(), here.key(), ca.key());
    for (var file : files.entrySet())
      Files.copy(file.getValue(), file.getKey(), StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(here.key(), PosixFilePermissions.fromString("rw-------"));
  }

  /// On the files, past all access control and even when the server does not run.
  private void onDisk(String... words) throws Exception {
    var command = new ArrayList<Object>(List.of("samba-tool"));
    command.addAll(List.of(words));
    command.add("-H");
    command.add(dir.resolve("private/sam.ldb"));
    command.add("-s");
    command.add(configuration());
    String unused = Programs.run(command.toArray());
  }

  /// The administrator's own tool, over LDAP.
  ///
  /// @return what it printed
  String tool(String... words) throws Exception {
    var command = new ArrayList<Object>(List.of("samba-tool"));
    command.addAll(List.of(words));
    command.add("-H");
    command.add("ldap://" + address);
    command.add("-s");
    command.add(configuration());
    command.add("-U");
    command.add("administrator%" + PASSWORD);
    return Programs.run(environment(), "", command.toArray());
  }

  /// A domain member's own tool. It has a configuration of its own: with the controller's it looks
  /// for accounts of this machine.
  ///
  /// @return what it printed
  String net(String... words) throws Exception {
    Path state = Files.createDirectories(dir.resolve("member"));
    Path conf =
        Files.writeString(
            state.resolve("smb.conf"),
            """
            [global]
            workgroup = %1$s
            realm = %2$s
            security = user
            netbios name = MEMBER
            interfaces = lo
            bind interfaces only = yes
            private dir = %3$s
            lock directory = %3$s
            state directory = %3$s
            cache directory = %3$s
            """
                .formatted(workgroup(), realm(), state));
    var command = new ArrayList<Object>(List.of("net"));
    command.addAll(List.of(words));
    command.addAll(List.of("-S", address, "-I", address, "-s", conf));
    command.addAll(List.of("-U", "administrator%" + PASSWORD));
    return Programs.run(environment(), "", command.toArray());
  }

  Map<String, String> environment() {
    return Map.of("KRB5_CONFIG", dir.resolve("krb5.conf").toString());
  }

  String sid(String account) throws Exception {
    String shown = tool("user", "show", account, "--attributes=objectSid");
    Matcher sid = Pattern.compile("objectSid: (S-[0-9-]+)").matcher(shown);
    if (!sid.find()) throw new AssertionError(shown);
    return sid.group(1);
  }

  /// A key table for the reader.
  Path keytab() throws Exception {
    Path keytab = dir.resolve("reeve.keytab");
    String unused =
        Programs.run(
            "samba-tool",
            "domain",
            "exportkeytab",
            keytab,
            "--principal=reeve",
            "-s",
            configuration());
    return keytab;
  }
}
