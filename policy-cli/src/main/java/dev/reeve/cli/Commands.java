package dev.reeve.cli;

import dev.reeve.cli.demo.DemoCommand;
import dev.reeve.cli.host.AgentCommand;
import dev.reeve.cli.host.DiagCommand;
import dev.reeve.cli.host.GpResultCommand;
import dev.reeve.cli.host.GpUpdateCommand;
import dev.reeve.cli.host.JoinCommand;
import dev.reeve.cli.ipsec.DynamicCommand;
import dev.reeve.cli.ipsec.ExportCommand;
import dev.reeve.cli.ipsec.ImportCommand;
import dev.reeve.cli.ipsec.IpsecCommand;
import dev.reeve.cli.ipsec.StaticCommand;
import dev.reeve.cli.rsop.LogCommand;
import dev.reeve.cli.rsop.PlanCommand;
import dev.reeve.cli.rsop.RsopCommand;
import dev.reeve.cli.server.HostCommand;
import dev.reeve.cli.server.ServerCommand;
import dev.reeve.cli.server.SignerCommand;
import dev.reeve.cli.server.TokenCommand;
import dev.reeve.cli.server.WithdrawalCommand;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;

/// Every sub-command of `reeve`, in the groups and the order in which help lists them. A new
/// command is one entry here.
final class Commands {

  /// @param summary one line of help
  /// @param command made anew for every run
  record Entry(String name, String summary, Function<Terminal, CommandLine> command) {}

  record Group(String title, List<Entry> entries) {
    Group(String title, Entry... entries) {
      this(title, List.of(entries));
    }
  }

  static final List<Group> GROUPS =
      List.of(
          new Group(
              "See it work",
              new Entry(
                  "demo",
                  "a directory, a server and three enforcing hosts on this machine",
                  terminal -> new CommandLine(new DemoCommand(terminal)))),
          new Group(
              "Plan, before anything changes",
              new Entry(
                  "rsop",
                  "what policy a computer would get, or got, and why (rsop plan)",
                  terminal ->
                      new CommandLine(new RsopCommand())
                          .addSubcommand(new PlanCommand(terminal))
                          .addSubcommand(new LogCommand(terminal)))),
          new Group(
              "IPsec policies",
              new Entry(
                  "ipsec",
                  "policies in and out; what a host does now (ipsec dynamic show)",
                  terminal ->
                      new CommandLine(new IpsecCommand())
                          .addSubcommand(StaticCommand.commandLine(terminal))
                          .addSubcommand(DynamicCommand.commandLine(terminal))
                          .addSubcommand(new ExportCommand(terminal))
                          .addSubcommand(new ImportCommand(terminal)))),
          new Group(
              "On a host",
              new Entry(
                  "join",
                  "give this host its identity, with a join string",
                  terminal -> new CommandLine(new JoinCommand(terminal))),
              new Entry(
                  "agent",
                  "run the agent: fetch this host's policy, and enforce it",
                  _ -> new CommandLine(new AgentCommand())),
              new Entry(
                  "gpupdate",
                  "ask the server for this host's policy now",
                  terminal -> new CommandLine(new GpUpdateCommand(terminal))),
              new Entry(
                  "gpresult",
                  "the policy this host has, and why",
                  terminal -> new CommandLine(new GpResultCommand(terminal))),
              new Entry(
                  "diag",
                  "what this host needs, tried out: DNS, clock, server, kernel, IKE",
                  terminal -> new CommandLine(new DiagCommand(terminal)))),
          new Group(
              "On the server",
              new Entry(
                  "server",
                  "run a policy server with its own directory",
                  _ -> new CommandLine(new ServerCommand())),
              new Entry(
                  "token",
                  "join strings for new hosts (token create)",
                  terminal ->
                      new CommandLine(new TokenCommand())
                          .addSubcommand(new TokenCommand.Create(terminal))),
              new Entry(
                  "host",
                  "hosts that have joined (host revoke)",
                  terminal ->
                      new CommandLine(new HostCommand())
                          .addSubcommand(new HostCommand.Revoke(terminal))),
              new Entry(
                  "signer",
                  "the key that signs policy (signer replace)",
                  terminal ->
                      new CommandLine(new SignerCommand())
                          .addSubcommand(new SignerCommand.Replace(terminal))),
              new Entry(
                  "withdrawal",
                  "changes that would take policy from many hosts (withdrawal show)",
                  terminal ->
                      new CommandLine(new WithdrawalCommand())
                          .addSubcommand(new WithdrawalCommand.Show(terminal))
                          .addSubcommand(new WithdrawalCommand.Confirm(terminal)))));

  private Commands() {}
}
