package dev.reeve.benchmarks;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopQuery;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.Consumer;

/// One computer's result among 999 GPOs linked on 10 levels.
final class RsopOne implements Benchmark {

  private static final int ROUNDS = 25;
  private static final int WARM_UP = 4;
  private static final int CALLS = 1_000;
  private static final double GOAL_MILLIS = 1.0;

  @Override
  public String name() {
    return "rsop-one";
  }

  @Override
  public String about() {
    return "one RSoP with 999 GPOs and 10 levels: p99, against a naive full evaluation";
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) {
    var domain = new WideDomain(999, 10);
    DirectorySnapshot snapshot = domain.snapshot();
    RsopQuery query = RsopQuery.of(domain.computer());
    agree(snapshot, query);
    var work = new Rounds();
    var wall = new Rounds();
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      progress.accept("round " + (round + WARM_UP + 1) + " of " + (ROUNDS + WARM_UP));
      Sample ours = sample(() -> Rsop.resolve(snapshot, query).links().size());
      Sample naive = sample(() -> NaiveRsop.resolve(snapshot, query.computer()).size());
      if (round < 0) continue;
      work.add(ours.cpuMillis(), naive.cpuMillis());
      wall.add(ours.wallMillis(), naive.wallMillis());
    }
    return List.of(
        figure("wall clock", wall, "p99 <= 1 ms", wall.value() <= GOAL_MILLIS),
        figure("CPU time", work, "reported, no limit: what a busy machine leaves alone", true));
  }

  private Figure figure(String time, Rounds rounds, String goal, boolean met) {
    return new Figure(
        name(),
        "one RSoP, 999 GPOs, 10 levels, p99 of " + time + ", median of " + ROUNDS + " rounds",
        rounds.value(),
        "ms",
        "naive full evaluation",
        rounds.other(),
        rounds.ratio(),
        goal,
        met);
  }

  /// A peer that gives another answer is no peer.
  private static void agree(DirectorySnapshot snapshot, RsopQuery query) {
    Rsop rsop = Rsop.resolve(snapshot, query);
    var naive = NaiveRsop.resolve(snapshot, query.computer());
    var ours = rsop.links().stream().filter(v -> v.applied()).map(v -> v.link().gpo()).toList();
    if (!ours.equals(naive)) throw new IllegalStateException("the two evaluations differ");
    if (!(rsop.assignment() instanceof PolicyResult.Assigned))
      throw new IllegalStateException("nothing is assigned: " + rsop.assignment());
  }

  private interface Call {
    int run();
  }

  /// The 99th percentile of many calls, twice: as the time that passes, and as the calling thread's
  /// CPU time, to which a busy machine adds little.
  private record Sample(double cpuMillis, double wallMillis) {}

  private static Sample sample(Call call) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] cpu = new long[CALLS];
    long[] wall = new long[CALLS];
    int sum = 0;
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      long cpuStart = threads.getCurrentThreadCpuTime();
      sum += call.run();
      cpu[i] = threads.getCurrentThreadCpuTime() - cpuStart;
      wall[i] = System.nanoTime() - start;
    }
    if (sum == 0) throw new IllegalStateException("an empty result");
    return new Sample(Rounds.percentile(cpu, 0.99) / 1e6, Rounds.percentile(wall, 0.99) / 1e6);
  }
}
