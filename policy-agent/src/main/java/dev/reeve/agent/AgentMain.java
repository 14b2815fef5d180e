package dev.reeve.agent;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.disk.StateDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// The agent's process.
public final class AgentMain {

  private static final System.Logger LOG = System.getLogger("agent");
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private AgentMain() {}

  public static void main(String[] arguments) {
    int code = run(List.of(arguments));
    // Threads that wait for the network are daemons; nothing else keeps the process.
    System.exit(code);
  }

  /// Runs until it is told to stop: by a signal, or on the control socket.
  ///
  /// @return 0 stopped as asked, 1 failed, 2 wrong arguments
  public static int run(List<String> arguments) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$-7s %3$s: %5$s%6$s%n");
    }
    Names.askTheSystem(); // the JVM looks once, at the first name
    AgentConfig config;
    try {
      config = AgentConfig.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + AgentConfig.USAGE);
      return 2;
    }
    try {
      StateDirectory directory = StateDirectory.open(config.state());
      try (Closeable _ = directory.lock()) {
        EngineChoice engine = EngineChoice.make(config, directory);
        boolean again = true;
        while (again) again = runOnce(config, directory, engine);
      }
      return 0;
    } catch (IOException e) {
      LOG.log(ERROR, "the agent cannot run: {0}", e.getMessage());
      return 1;
    }
  }

  private static boolean runOnce(AgentConfig config, StateDirectory directory, EngineChoice engine)
      throws IOException {
    try (Agent agent = Agent.build(config, directory, engine)) {
      Thread main = Thread.currentThread();
      Thread onSignal = new Thread(() -> stop(agent, main), "stop");
      Runtime.getRuntime().addShutdownHook(onSignal);
      boolean again = agent.run();
      try {
        Runtime.getRuntime().removeShutdownHook(onSignal);
      } catch (IllegalStateException _) {
        again = false; // the process is ending
      }
      return again;
    } catch (InterruptedException e) {
      LOG.log(INFO, "interrupted: stopping");
      return false;
    }
  }

  private static void stop(Agent agent, Thread main) {
    agent.stop();
    try {
      main.join(java.time.Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
