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
      "Runs a policy server with its own LDAP directory until it is stopped.",
      "",
      "  --state DIR        what it keeps: directory, database, keys (default",
      "                     /var/lib/reeve/server)",
      "  --sample           start an empty directory with the sample domain",
      "  --ldif FILE        start an empty directory with this file",
      "  --base-dn DN       the domain (default DC=corp,DC=example)",
      "  --ldap ADDR:PORT   LDAP (default 127.0.0.1:3890)",
      "  --agents ADDR:PORT where hosts poll (default 0.0.0.0:7443)",
      "  --admin ADDR:PORT  HTTPS for people (default 127.0.0.1:7444)",
      "  --name NAME        what hosts call it, repeatable: the first is in join strings,",
      "                     all are in its certificate (default: the host's name)",
      "",
      "The LDAP administrator is cn=admin,<base DN>; the password is in",
      "DIR/directory/admin.password. SPRING_DATASOURCE_URL names a PostgreSQL database",
      "in place of the built-in one."
    },
    footer = {"", "Example:", "  reeve server --sample --name policy.corp.example"})
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
