package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

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

  void addAce(String dn, String sddl) throws Exception {
    String unused = run("dsacl", "set", "--objectdn=" + dn, "--sddl=" + sddl);
  }

  /// The GPOs in scope of a computer.
  List<String> gposOf(String computer) throws Exception {
    String account = Dn.parse(computer).name().toUpperCase(Locale.ROOT) + "$";
    return guids(run("gpo", "list", account));
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
