package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Namespace;
import dev.reeve.cli.lab.Tools;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import java.util.List;
import java.util.function.Consumer;

/// What it costs to bring a large policy into the kernel and to find it there.
final class EngineApply implements Benchmark {

  private static final int ROUNDS = 20;
  private static final double GOAL_CHANGED_MILLIS = 3000;
  private static final double GOAL_UNCHANGED_MILLIS = 400;
  private static final double GOAL_SMALL_MILLIS = 100;

  @Override
  public String name() {
    return "engine-apply";
  }

  @Override
  public String about() {
    return "compile, load and read back 10,000 filters, against nft loading a rule for each";
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    if (!Tools.mayMakeNamespaces()) throw new LabException("needs root on Linux");
    String name = "reeve-bench-apply-" + ProcessHandle.current().pid();
    var ours = new Namespace(name);
    var theirs = new Namespace(name + "-naive"); // each nft reads all tables of its namespace
    try {
      for (Namespace each : List.of(ours, theirs)) {
        String unused = Command.must("ip", "netns", "add", each.name());
      }
      try (var engine = new Engine(ours)) {
        return figures(engine, theirs, progress);
      }
    } finally {
      Command.run(List.of("ip", "netns", "del", ours.name()));
      Command.run(List.of("ip", "netns", "del", theirs.name()));
    }
  }

  private List<Figure> figures(Engine engine, Namespace theirs, Consumer<String> progress)
      throws LabException {
    HostPolicy[] many = {ManyFilters.of(10_000, 0), ManyFilters.of(10_000, 1)};
    HostPolicy[] few = {ManyFilters.of(100, 0), ManyFilters.of(100, 1)};
    String[] naive = {ManyFilters.oneRuleEach(many[0]), ManyFilters.oneRuleEach(many[1])};
    var changed = new Rounds();
    var unchanged = new Rounds();
    var small = new Rounds();
    for (int round = -1; round < ROUNDS; round++) {
      progress.accept("round " + (round + 1) + " of " + ROUNDS);
      HostPolicy large = many[round & 1];
      HostPolicy little = few[round & 1];
      String rules = naive[round & 1];
      double load = millis(() -> engine.apply(large, ApplyOutcome.Applied.class));
      double same = millis(() -> engine.apply(large, ApplyOutcome.Unchanged.class));
      double other = millis(() -> engine.apply(little, ApplyOutcome.Applied.class));
      double sameFew = millis(() -> engine.apply(little, ApplyOutcome.Unchanged.class));
      double hand = millis(() -> theirs.nft(rules));
      if (round < 0) continue; // the JVM warms up
      changed.add(load, hand);
      unchanged.add(same, load);
      small.add(sameFew, other);
    }
    return List.of(
        figure("change of 10,000 filters", changed, "nft -f, a rule each", GOAL_CHANGED_MILLIS),
        figure("unchanged, 10,000 filters", unchanged, "its change", GOAL_UNCHANGED_MILLIS),
        figure("unchanged, 100 filters", small, "its change", GOAL_SMALL_MILLIS));
  }

  private interface Work {
    void run() throws LabException;
  }

  private static double millis(Work work) throws LabException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private Figure figure(String what, Rounds rounds, String against, double goal) {
    return new Figure(
        name(),
        what + ": compile, apply, read back",
        rounds.value(),
        "ms",
        against,
        rounds.other(),
        rounds.ratio(),
        "<= " + Math.round(goal) + " ms",
        rounds.value() <= goal);
  }
}
