package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSamba;
import dev.reeve.lab.Programs;
import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the administrator of a Samba domain does and sees with the tools that come with it.
record SambaTools(NativeSamba samba) {

  private static final Pattern GUID = Pattern.compile("\\{[0-9A-Fa-f-]{36}}");

  /// @return what samba-tool said
  String run(String... words) throws Exception {
    return samba.tool(words);
  }

  /// @return its DN
  String createGpo(String name) throws Exception {
    Matcher made = GUID.matcher(run("gpo", "create", name));
    assertThat(made.find()).isTrue();
    return "CN=" + made.group() + ",CN=Policies,CN=System," + NativeDirectory.BASE;
  }

  /// A GPO of that name which assigns the Secure Server policy of a fresh domain: with the tool,
  /// but for what on Windows the editor writes, which is pointer, extension and version.
  ///
  /// @return its DN
  String createSecureGpo(LDAPConnection administrator, String name) throws Exception {
    String gpo = createGpo(name);
    String below = gpo;
    for (String container : List.of("Microsoft", "Windows")) {
      below = "CN=" + container + (below.equals(gpo) ? ",CN=Machine," : ",") + below;
      administrator.add("dn: " + below, "objectClass: container");
    }
    administrator.add(
        "dn: CN=IPSEC," + below,
        "objectClass: ipsecPolicy",
        "ipsecOwnersReference: " + SmallDomain.SECURE_SERVER);
    administrator.modify(
        gpo,
        new Modification(
            ModificationType.REPLACE, "gPCMachineExtensionNames", SmallDomain.EXTENSIONS),
        new Modification(ModificationType.REPLACE, "versionNumber", "1"));
    return gpo;
  }

  /// Before all others.
  ///
  /// @return the descriptor as it was and as it is
  String addAce(String dn, String sddl) throws Exception {
    return run("dsacl", "set", "--objectdn=" + dn, "--sddl=" + sddl);
  }

  /// The GPOs in scope of a computer that it may read; whether it may apply them is not asked.
  List<String> gposOf(String computer) throws Exception {
    return guids(run("gpo", "list", account(computer)));
  }

  /// The GPOs in scope of a computer that it may apply, as libgpo has it; whether it may read them
  /// is not asked.
  List<String> gposAppliedTo(String computer) throws Exception {
    String listed = samba.net("ads", "gpo", "list", account(computer));
    assertThat(listed).contains("Local Policy"); // else it found no way to judge
    return Pattern.compile("(?m)^name:\\s*(\\{[0-9A-Fa-f-]{36}})$")
        .matcher(listed)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static String account(String computer) {
    return Dn.parse(computer).name().toUpperCase(Locale.ROOT) + "$";
  }

  /// The GPOs linked to a container; link order 1 is the last.
  List<String> linksOf(String container) throws Exception {
    return guids(run("gpo", "getlink", container));
  }

  private static List<String> guids(String text) {
    return GUID.matcher(text).results().map(MatchResult::group).toList();
  }

  /// What docs/directories.md exports with, as the account that the server reads by.
  String exportByLdapsearch() throws Exception {
    return Programs.run(
        Map.of("LDAPTLS_REQCERT", "never"), // whose certificate it is, the test does not ask
        "",
        "ldapsearch",
        "-LLL",
        "-o",
        "ldif-wrap=no",
        "-H",
        "ldaps://" + samba.address(),
        "-x",
        "-D",
        samba.reader(),
        "-w",
        samba.password(),
        "-E",
        "pr=1000/noprompt",
        "-E",
        "!1.2.840.113556.1.4.801=::MAMCAQc=",
        "-b",
        NativeDirectory.BASE,
        "(objectClass=*)",
        "*",
        "nTSecurityDescriptor");
  }
}
