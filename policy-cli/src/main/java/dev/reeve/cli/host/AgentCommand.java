package dev.reeve.cli.host;

import dev.reeve.agent.AgentMain;
import dev.reeve.agent.config.AgentConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// `reeve agent`: the process on every host. The launcher starts it with a class path and a heap of
/// its own; this is its help, and a way to run it inside another process.
@Command(
    name = "agent",
    customSynopsis = "reeve agent [OPTION VALUE]...",
    description = {"Runs the agent of this host until it is stopped.", "", AgentConfig.USAGE})
public final class AgentCommand implements Callable<Integer> {

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    return AgentMain.run(arguments);
  }
}
