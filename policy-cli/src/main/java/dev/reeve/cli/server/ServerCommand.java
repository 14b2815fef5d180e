package dev.reeve.cli.server;

import dev.reeve.server.ServerMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// `reeve server`: the policy server, until it is told to end.
@Command(
    name = "server",
    customSynopsis = "reeve server [OPTION VALUE]...",
    description = {
      "Runs a policy server until it is stopped: with an LDAP directory of its own, or",
      "following one that is there (OpenLDAP, 389 DS, Samba AD, Active Directory).",
      "",
      "  --state DIR        what it keeps: directory, database, keys (default",
      "                     /var/lib/reeve/server)",
      "  --sample           start an empty directory with the sample domain",
      "  --ldif FILE        start an empty directory with this file",
      "  --base-dn DN       the domain (default DC=corp,DC=example)",
      "  --ldap ADDR:PORT   LDAP, and StartTLS (default 127.0.0.1:3890); passwords in",
      "                     clear are taken from this machine alone",
      "  --ldaps ADDR:PORT  LDAPS, with a certificate of the server's own authority",
      "                     (DIR/trust/root.pem); default: none",
      "  --agents ADDR:PORT where hosts poll (default 0.0.0.0:7443)",
      "  --admin ADDR:PORT  HTTPS for people (default 127.0.0.1:7444)",
      "  --name NAME        what hosts call it, repeatable: the first is in join",
      "                     strings, all are in its certificate (default: the",
      "                     host's name)",
      "  --crl CA-FILE=URL  fetches the CRL of another CA (certificate in CA-FILE,",
      "                     PEM; URL http or https) and gives it to hosts with their",
      "                     policy, repeatable",
      "  --withdrawal-share PERCENT",
      "                     a change that takes policy from more of the hosts (and",
      "                     from 5 at least) waits for 'reeve withdrawal confirm'",
      "                     (default 10)",
      "",
      "An external directory, in place of --sample, --ldif, --ldap and --ldaps:",
      "",
      "  --directory URL[,URL...]",
      "                     its servers, the first that answers is used:",
      "                     ldaps://HOST[:PORT], ldap://HOST[:PORT], or",
      "                     srv+ldaps://DOMAIN (DNS SRV)",
      "  --base-dn DN       the domain in it",
      "  --bind-dn DN       as whom to read it (AD: user@domain too)",
      "  --password-file FILE",
      "                     one line; read again at every login, so a change needs",
      "                     no restart",
      "  --principal USER@REALM, --keytab FILE, --kdc HOST",
      "                     Kerberos in place of a password; with ldap:// it is",
      "                     sealed, and Samba takes it in no other way",
      "  --ca-file FILE     PEM certificates that may have issued the directory's",
      "                     (default: those the JDK trusts)",
      "  --server-name NAME what its certificate must say (default: the host in",
      "                     the URL)",
      "  --starttls         TLS on the ldap:// port",
      "  --feed KIND        how changes are learnt: sync (RFC 4533: OpenLDAP,",
      "                     389 DS), usn (Active Directory, Samba), poll; default",
      "                     auto, by the root DSE",
      "  --poll MS          how often usn and poll ask (default 500)",
      "",
      "Further domains, whose GPOs sites of the first may link:",
      "",
      "  --also DN          another domain, repeatable. The options of the list above",
      "                     that follow it are its own; what it lacks is as for the",
      "                     first: servers, account, CA. Without --directory at all it",
      "                     is a second base of the embedded directory",
      "",
      "The account needs to read everything below the base DN, without a size limit;",
      "if it does not, the server says which command mends that. docs/directories.md",
      "tells how to prepare each directory.",
      "",
      "The embedded directory's LDAP administrator is cn=admin,<base DN>; the",
      "password is in DIR/directory/admin.password. SPRING_DATASOURCE_URL names a",
      "PostgreSQL database in place of the built-in one."
    },
    footer = {
      "",
      "Examples:",
      "  reeve server --sample --name policy.corp.example",
      "  reeve server --directory ldaps://a.corp.example,ldaps://b.corp.example \\",
      "      --base-dn DC=corp,DC=example --bind-dn cn=reeve,DC=corp,DC=example \\",
      "      --password-file /etc/reeve/directory.password \\",
      "      --ca-file /etc/reeve/directory-ca.pem",
      "  reeve server --directory ldaps://dc1.corp.example --base-dn DC=corp,DC=example \\",
      "      --bind-dn reeve@corp.example --password-file /etc/reeve/directory.password \\",
      "      --also DC=eu,DC=example --directory ldaps://dc1.eu.example"
    })
public final class ServerCommand implements Callable<Integer> {

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    int code = ServerMain.run(arguments);
    if (code == 0)
      new CountDownLatch(1).await(); // its own threads serve; a signal ends the process
    return code;
  }
}
