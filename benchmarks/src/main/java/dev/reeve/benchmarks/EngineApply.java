package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Namespace;
import dev.reeve.cli.lab.Tools;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.nft.Nft;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
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
      return figures(ours, theirs, progress);
    } finally {
      Command.run(List.of("ip", "netns", "del", ours.name()));
      Command.run(List.of("ip", "netns", "del", theirs.name()));
    }
  }

  private List<Figure> figures(Namespace ours, Namespace theirs, Consumer<String> progress)
      throws LabException {
    HostPolicy[] many = {ManyFilters.of(10_000, 0), ManyFilters.of(10_000, 1)};
    HostPolicy[] few = {ManyFilters.of(100, 0), ManyFilters.of(100, 1)};
    String[] naive = {ManyFilters.oneRuleEach(many[0]), ManyFilters.oneRuleEach(many[1])};
    var changed = new Rounds();
    var unchanged = new Rounds();
    var small = new Rounds();
    for (int round = -1; round < ROUNDS; round++) {
      progress.accept("round " + (round + 1) + " of " + ROUNDS);
      var engine = new LinuxEngine(Nft.by(ours.inside(List.of("nft"))));
      double load = apply(engine, many[round & 1], ApplyOutcome.Applied.class);
      double same = apply(engine, many[round & 1], ApplyOutcome.Unchanged.class);
      double other = apply(engine, few[round & 1], ApplyOutcome.Applied.class);
      double sameFew = apply(engine, few[round & 1], ApplyOutcome.Unchanged.class);
      long start = System.nanoTime();
      theirs.nft(naive[round & 1]);
      double hand = millis(start);
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

  private static double apply(
      LinuxEngine engine, HostPolicy policy, Class<? extends ApplyOutcome> wanted)
      throws LabException {
    long start = System.nanoTime();
    try {
      ApplyOutcome outcome = engine.apply(policy, HostView.NONE);
      double millis = millis(start);
      if (!wanted.isInstance(outcome)) {
        String said = outcome.toString();
        throw new LabException(said.substring(0, Math.min(300, said.length())));
      }
      return millis;
    } catch (EngineException e) {
      throw new LabException("apply", e);
    }
  }

  private static double millis(long start) {
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
