package dev.reeve.server.directory.ldap;

import dev.reeve.model.gp.Dn;
import java.util.Locale;

/// What an administrator is to do, as commands that can be copied.
final class Advice {

  private Advice() {}

  static String login(LdapAddress address, LdapConfig config, String said) {
    String lower = said.toLowerCase(Locale.ROOT);
    String hint = "";
    // Active Directory's sub-codes
    if (lower.contains("data 532") || lower.contains("data 773") || lower.contains("expired"))
      hint = ": its password has expired; set a new one and put it into the password file";
    else if (lower.contains("data 775") || lower.contains("locked"))
      hint = ": the account is locked; unlock it";
    else if (lower.contains("data 701")) hint = ": the account has expired; extend it";
    else if (lower.contains("data 533")) hint = ": the account is disabled";
    return address + " refuses the login of " + config.account() + hint + ". It said: " + said;
  }

  /// A limit cut the answer short.
  static String limit(RootDse root, LdapConfig config, String said) {
    String who = config.account();
    String fix;
    if (root.highestUsn().isPresent()) {
      fix = "raise MaxPageSize and MaxResultSetSize of the domain's query policy (ntdsutil)";
    } else if (root.is389()) {
      fix =
          """
          lift the account's limits:
            ldapmodify -x -H ldap://SERVER -D 'cn=Directory Manager' -W <<'END'
            dn: %s
            changetype: modify
            replace: nsSizeLimit
            nsSizeLimit: -1
            -
            replace: nsLookThroughLimit
            nsLookThroughLimit: -1
            -
            replace: nsTimeLimit
            nsTimeLimit: -1
            -
            replace: nsIdleTimeout
            nsIdleTimeout: -1
            END\
          """
              .formatted(who);
    } else {
      fix =
          """
          lift the account's limits (here of database {1}mdb):
            ldapmodify -Q -Y EXTERNAL -H ldapi:/// <<'END'
            dn: olcDatabase={1}mdb,cn=config
            changetype: modify
            add: olcLimits
            olcLimits: dn.exact="%s" size=unlimited time=unlimited
            END\
          """
              .formatted(who);
    }
    return "the answer was cut short ("
        + said
        + "), and a part of a directory is never taken for the whole. To mend it, "
        + fix;
  }

  /// The account sees too little of an entry or of what is below it.
  static String rights(RootDse root, LdapConfig config, Dn where, String seen) {
    String who = config.account();
    String fix;
    if (root.highestUsn().isPresent()) {
      fix =
          """
            samba-tool dsacl set -H ldap://DC -U administrator --objectdn='%1$s' --sddl='(A;CI;RPLCLORC;;;SID-OF-ACCOUNT)'
          or, on Windows:
            dsacls "%1$s" /I:T /G "%2$s:GR\"\
          """
              .formatted(where, who);
    } else if (root.is389()) {
      fix =
          """
          ldapmodify -x -H ldap://SERVER -D 'cn=Directory Manager' -W <<'END'
          dn: %1$s
          changetype: modify
          add: aci
          aci: (targetattr="* || nsUniqueId || entryUUID || modifyTimestamp || numSubordinates || hasSubordinates")(version 3.0; acl "reeve reads policy"; allow (read,search,compare) userdn="ldap:///%2$s";)
          aci: (targetattr="userPassword")(version 3.0; acl "reeve reads no passwords"; deny (read,search,compare) userdn="ldap:///%2$s";)
          END\
          """
              .formatted(where, who);
    } else {
      fix =
          """
          ldapmodify -Q -Y EXTERNAL -H ldapi:/// <<'END'
          dn: olcDatabase={1}mdb,cn=config
          changetype: modify
          add: olcAccess
          olcAccess: {0}to dn.subtree="%1$s" by dn.exact="%2$s" read by * break
          END\
          """
              .formatted(where, who);
    }
    return who + " may not read all of " + where + ": " + seen + ". To mend it:\n" + fix;
  }

  static String noBase(RootDse root, LdapConfig config) {
    return "there is no "
        + config.baseDn()
        + ", or "
        + config.account()
        + " may not see it. The server's naming contexts are "
        + root.namingContexts()
        + ": check "
        + (config.sites() ? "--base-dn" : "--also")
        + " and the account's rights";
  }
}
