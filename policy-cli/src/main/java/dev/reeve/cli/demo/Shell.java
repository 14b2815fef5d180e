package dev.reeve.cli.demo;

import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabDirectory.LinkChange;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabServer;

/// The commands that a person would type.
final class Shell {

  private static final int FOLD = 72;

  private Shell() {}

  static String ldapmodify(LabServer server, LinkChange change) {
    var text = new StringBuilder();
    text.append("ldapmodify -x -H ").append(server.ldapUrl()).append(" \\\n");
    text.append("  -D ").append(bindDn()).append(" \\\n");
    text.append("  -y ").append(server.passwordFile()).append(" <<END\n");
    change.toLdif().lines().forEach(line -> text.append(fold(line)).append('\n'));
    return text.append("END").toString();
  }

  /// LDIF's own way to break a line: the next one starts with a space.
  static String fold(String line) {
    if (line.length() <= FOLD) return line;
    return line.substring(0, FOLD) + "\n" + fold(" " + line.substring(FOLD));
  }

  private static String bindDn() {
    return "cn=admin,DC=corp,DC=example";
  }

  static String lookFurther(Lab lab) {
    LabServer server = lab.server();
    LabHost web = lab.hosts().iterator().next();
    return """
    the directory, password in %s
      ldapsearch -x -H %s -D %s \\
        -y %s \\
        -b DC=corp,DC=example '(objectClass=groupPolicyContainer)' displayName
    why web-01 has its policy, asked of the server
      ./reeve rsop plan --server %s --computer web-01 \\
        --cacert %s \\
        --user %s \\
        --password-file %s
    why it has it, asked of its agent
      ./reeve gpresult -v --run %s
    what its kernel holds
      %s
    the server's health
      curl --cacert %s \\
        %s/actuator/health
    logs
      %s
    """
        .formatted(
            server.passwordFile(),
            server.ldapUrl(),
            bindDn(),
            server.passwordFile(),
            server.adminUrl(),
            server.root(),
            bindDn(),
            server.passwordFile(),
            web.run(),
            ruleset(web),
            server.root(),
            server.adminUrl(),
            lab.logs());
  }

  private static String ruleset(LabHost host) {
    return host.findNamespace()
        .map(n -> "ip netns exec " + n.name() + " nft list ruleset")
        .orElse("nothing: this is the dry run");
  }
}
