package dev.reeve.cli.ipsec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Groups what there is to do with IPsec policies.
@Command(
    name = "ipsec",
    description =
        "IPsec policies in and out of directories, files and hosts, and what a host does with them"
            + " now.")
public final class IpsecCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "ipsec needs a sub-command: static, dynamic, export or import");
  }
}
