package dev.reeve.cli.demo;

import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.lab.Domain;
import dev.reeve.cli.lab.HostSpec;
import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `reeve demo`
@Command(
    name = "demo",
    description = {
      "Show the whole of Reeve on this machine: a directory with a sample company, a policy server"
          + " and three hosts that fetch and enforce their policy; a change, an outage, and a"
          + " change during an outage.",
      "",
      "As root on Linux the hosts are network namespaces and every claim is proven by packets;"
          + " nothing outside them is touched. Otherwise agents only show what they would do.",
      "Leaves no process, namespace, rule or file behind."
    },
    footer = {
      "",
      "Examples:",
      "  reeve demo           run it, then look around until Enter is pressed",
      "  reeve demo --once    run it and end; exit code 1 when anything is not shown to work"
    })
public final class DemoCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--once", description = "Do not wait at the end.")
  private boolean once;

  @Option(names = "--keep-logs", paramLabel = "DIR", description = "Copy all logs there.")
  private @Nullable Path keepLogs;

  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var narrator =
        new Narrator(
            terminal.out(), isTerminal(), "UTF-8".equals(System.getProperty("native.encoding")));
    try {
      boolean packets = Tools.mayMakeNamespaces();
      if (packets) Tools.ensure(what -> narrator.say(what));
      narrator.title(title(packets));
      return tell(narrator, packets);
    } catch (LabException e) {
      terminal.err().println("reeve demo: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private static String title(boolean packets) {
    return packets
        ? "Reeve demo: three hosts in network namespaces, proven by packets"
        : "Reeve demo: three agents that show what they would do (run it as root on\n"
            + "Linux to see packets blocked)";
  }

  private int tell(Narrator narrator, boolean packets) throws LabException {
    Lab lab =
        packets
            ? Lab.withNamespaces(Domain.Sample.SAMPLE, HostSpec.SAMPLE)
            : Lab.onLoopback(Domain.Sample.SAMPLE, HostSpec.SAMPLE);
    boolean shown = false;
    try (lab) {
      shown = tell(narrator, new Story(lab, narrator));
      logs(lab, narrator, shown);
    }
    lab.leftovers().forEach(narrator::left);
    boolean clean = lab.leftovers().isEmpty();
    if (shown && clean) narrator.chapter("All shown. Nothing is left behind.");
    return shown && clean ? ExitCode.DONE : ExitCode.FAILED;
  }

  private boolean tell(Narrator narrator, Story story) {
    try {
      story.tell();
      story.furtherReading();
      if (!once) waitForEnter(narrator);
      return true;
    } catch (DemoFailure e) {
      narrator.chapter("Not everything was shown to work.");
      return false;
    }
  }

  /// After a failure the logs are kept even when nobody asked.
  private void logs(Lab lab, Narrator narrator, boolean shown) throws LabException {
    Optional<Path> target = Optional.ofNullable(keepLogs);
    if (target.isEmpty() && shown) return;
    try {
      Path directory =
          target.isPresent() ? target.get() : Files.createTempDirectory("reeve-demo-logs-");
      lab.keepLogs(directory);
      narrator.chapter("Logs: " + directory);
    } catch (IOException e) {
      throw new LabException("cannot keep the logs", e);
    }
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private static void waitForEnter(Narrator narrator) {
    narrator.chapter("Press Enter to end the demo and remove everything.");
    try {
      int unused = System.in.read();
    } catch (IOException _) {
      // Nobody can press anything: end.
    }
  }
}
