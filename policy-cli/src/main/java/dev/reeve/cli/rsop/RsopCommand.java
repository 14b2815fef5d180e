package dev.reeve.cli.rsop;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Groups what there is to ask about resultant sets of policy.
@Command(
    name = "rsop",
    description = "What policy a computer would get (plan) or really got (log), and why.")
public final class RsopCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "rsop needs a sub-command: plan or log");
  }
}
