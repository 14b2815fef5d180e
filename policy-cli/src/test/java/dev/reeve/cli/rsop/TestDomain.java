package dev.reeve.cli.rsop;

import dev.reeve.cli.text.TestPolicies;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.write.IpsecObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// A small domain as LDIF text, one entry per call.
final class TestDomain {

  static final String DOMAIN = "DC=corp,DC=example";

  private final List<String> entries = new ArrayList<>();

  TestDomain() {
    this("");
  }

  /// @param gpLink of the domain; empty for none
  TestDomain(String gpLink) {
    entry(DOMAIN, "objectClass: domain", link(gpLink));
  }

  TestDomain entry(String dn, String... lines) {
    var text = new StringBuilder(line("dn", dn));
    for (String line : lines) if (!line.isEmpty()) text.append(line).append('\n');
    entries.add(text.toString());
    return this;
  }

  /// Base64 where LDIF wants it.
  static String line(String attribute, String value) {
    boolean plain = value.chars().allMatch(c -> c >= 32 && c < 127) && !value.startsWith(" ");
    return plain
        ? attribute + ": " + value + "\n"
        : attribute
            + ":: "
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + "\n";
  }

  private static String link(String gpLink) {
    return gpLink.isEmpty() ? "" : "gPLink: " + gpLink;
  }

  TestDomain ou(String dn, String gpLink) {
    return entry(dn, "objectClass: organizationalUnit", link(gpLink));
  }

  TestDomain computer(String dn, String... more) {
    var lines = new ArrayList<>(List.of("objectClass: computer"));
    lines.addAll(List.of(more));
    return entry(dn, lines.toArray(String[]::new));
  }

  /// A GPO that assigns the policy of the same number.
  TestDomain gpo(int number, String name, String... more) {
    var lines =
        new ArrayList<>(
            List.of(
                "objectClass: groupPolicyContainer",
                line("displayName", name).strip(),
                "versionNumber: 1",
                "gPCFunctionalityVersion: 2",
                "flags: 0"));
    lines.addAll(List.of(more));
    entry(gpoDn(number), lines.toArray(String[]::new));
    pointer(number, policyDn(number));
    var container = Dn.parse("CN=Reeve,CN=System," + DOMAIN);
    for (LdapEntry object :
        IpsecObjectWriter.write(TestPolicies.block(guid(number), name), container)) {
      entries.add(object.toEntry().toLDIFString(Integer.MAX_VALUE));
    }
    return this;
  }

  TestDomain pointer(int gpo, String policyDn) {
    return entry(
        "CN=IPSEC,CN=Reeve,CN=Machine," + gpoDn(gpo),
        "objectClass: ipsecPolicy",
        "ipsecDataType: 1380275781",
        "ipsecOwnersReference: " + policyDn);
  }

  /// Takes an entry away again.
  TestDomain without(String dn) {
    entries.removeIf(entry -> entry.startsWith(line("dn", dn)));
    return this;
  }

  static String guid(int number) {
    return "{%08X-0000-0000-0000-000000000000}".formatted(number);
  }

  static String gpoDn(int number) {
    return "CN=" + guid(number) + ",CN=Policies,CN=System," + DOMAIN;
  }

  static String policyDn(int number) {
    return "CN=ipsecPolicy" + guid(number) + ",CN=Reeve,CN=System," + DOMAIN;
  }

  static String linkTo(int number) {
    return linkTo(number, 0);
  }

  /// @param options 1 disabled, 2 enforced
  static String linkTo(int number, int options) {
    return "[LDAP://" + gpoDn(number) + ";" + options + "]";
  }

  String text() {
    return String.join("\n", entries);
  }

  String shuffled(long seed) {
    var order = new ArrayList<>(entries);
    Collections.shuffle(order, new Random(seed));
    return String.join("\n", order);
  }

  Path writeTo(Path directory) {
    return write(directory, text());
  }

  static Path write(Path directory, String text) {
    try {
      return Files.writeString(directory.resolve("domain.ldif"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
