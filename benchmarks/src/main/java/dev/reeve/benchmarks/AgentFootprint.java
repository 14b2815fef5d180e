package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Domain;
import dev.reeve.cli.lab.HostSpec;
import dev.reeve.cli.lab.JavaCommand;
import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabProcess;
import dev.reeve.cli.lab.Tools;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What a joined agent that has nothing to do costs its host.
final class AgentFootprint implements Benchmark {

  private static final int SAMPLES = 20;
  private static final long PAUSE_NANOS = 1_000_000_000L;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double MIB = 1024;
  private static final double GOAL_PSS_MIB = 64;
  private static final double GOAL_CPU_PERCENT = 0.5;

  @Override
  public String name() {
    return "agent-footprint";
  }

  @Override
  public String about() {
    return "memory and CPU of an idle joined agent, against a JVM that sleeps, same options";
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    List<HostSpec> one = HostSpec.SAMPLE.subList(0, 1);
    boolean packets = Tools.mayMakeNamespaces() && Tools.missing().isEmpty();
    try (Lab lab =
        packets
            ? Lab.withNamespaces(Domain.Sample.SAMPLE, one)
            : Lab.onLoopback(Domain.Sample.SAMPLE, one)) {
      progress.accept("starting server and agent");
      long agent = joined(lab).pid();
      long bare =
          lab.startPeer("sleeping", JavaCommand.withAgentOptions(SleepingJvm.class, List.of()))
              .pid();
      return figures(agent, bare, packets, progress);
    }
  }

  private static LabProcess joined(Lab lab) throws LabException {
    var unused = lab.server().start();
    LabHost host = lab.hosts().iterator().next();
    try (LabDirectory directory = lab.server().directory()) {
      host.join(lab.server().token(directory.computer(host.name())));
    }
    host.startAgent();
    host.await("its policy", PATIENCE, result -> result.policy().isPresent());
    return host.agent().orElseThrow(() -> new LabException("no agent"));
  }

  private List<Figure> figures(long agent, long bare, boolean packets, Consumer<String> progress)
      throws LabException {
    progress.accept("letting both settle");
    for (int i = 0; i < SAMPLES; i++) LockSupport.parkNanos(PAUSE_NANOS);
    var rss = new Rounds();
    var pss = new Rounds();
    ProcessCost agentFirst = ProcessCost.of(agent);
    ProcessCost bareFirst = ProcessCost.of(bare);
    long start = System.nanoTime();
    for (int i = 1; i <= SAMPLES; i++) {
      progress.accept("sample " + i + " of " + SAMPLES);
      LockSupport.parkNanos(PAUSE_NANOS);
      ProcessCost ours = ProcessCost.of(agent);
      ProcessCost theirs = ProcessCost.of(bare);
      rss.add(ours.rssKiB() / MIB, theirs.rssKiB() / MIB);
      pss.add(ours.pssKiB() / MIB, theirs.pssKiB() / MIB);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = percent(agentFirst, ProcessCost.of(agent), seconds);
    double bareCpu = percent(bareFirst, ProcessCost.of(bare), seconds);
    String what = packets ? "idle agent, Linux engine, " : "idle agent, dry run, ";
    String peer = "a JVM that sleeps, same options";
    return List.of(
        new Figure(
            name(),
            what + "resident set",
            rss.value(),
            "MiB",
            peer,
            rss.other(),
            rss.ratio(),
            "reported, no limit",
            true),
        new Figure(
            name(),
            what + "proportional set",
            pss.value(),
            "MiB",
            peer,
            pss.other(),
            pss.ratio(),
            "PSS <= 64 MiB",
            pss.value() <= GOAL_PSS_MIB),
        new Figure(
            name(),
            what + "CPU over " + Math.round(seconds) + " s",
            cpu,
            "% of one core",
            peer,
            bareCpu,
            cpu / bareCpu,
            "CPU <= 0.5 %",
            cpu <= GOAL_CPU_PERCENT));
  }

  private static double percent(ProcessCost from, ProcessCost to, double seconds) {
    return (to.cpuTicks() - from.cpuTicks()) / seconds;
  }
}
