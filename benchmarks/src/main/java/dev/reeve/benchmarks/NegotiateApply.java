package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Namespace;
import dev.reeve.cli.lab.Tools;
import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What it costs to bring a policy of many negotiated rules into charon, kernel and gate, against
/// `swanctl` bringing the same into a charon of its own.
final class NegotiateApply implements Benchmark {

  private static final int RULES = 1000;
  private static final int ROUNDS = 20;
  private static final double GOAL_MILLIS = 5000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "negotiate-apply";
  }

  @Override
  public String about() {
    return "compile, apply and read back 1,000 negotiated rules, against swanctl --load-all";
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    if (!Tools.mayMakeNamespaces()) throw new LabException("needs root on Linux");
    if (!Engine.canNegotiate()) {
      throw new LabException(
          "needs a kernel with ESP: build/esp-guest run benchmarks/run " + name());
    }
    try (var ours = new Host("ours");
        var theirs = new Host("theirs")) {
      return Stream.of(
              figures("the same terms", ManyRules.Terms.SAME, ours, theirs, progress),
              figures(
                  "terms of its own each", ManyRules.Terms.EACH_ITS_OWN, ours, theirs, progress))
          .flatMap(List::stream)
          .toList();
    } catch (IOException e) {
      throw new LabException("cannot write swanctl's configuration", e);
    }
  }

  private List<Figure> figures(
      String what, ManyRules.Terms terms, Host ours, Host theirs, Consumer<String> progress)
      throws LabException, IOException {
    HostPolicy[] policies = {ManyRules.of(RULES, 0, terms), ManyRules.of(RULES, 1, terms)};
    String[] files = {
      ManyRules.swanctl(RULES, 0, terms, Engine.KEY), ManyRules.swanctl(RULES, 1, terms, Engine.KEY)
    };
    var rounds = new Rounds();
    var unchanged = new Rounds();
    for (int round = -1; round < ROUNDS; round++) {
      progress.accept(what + ", round " + (round + 1) + " of " + ROUNDS);
      double apply = apply(ours.engine, policies[round & 1]);
      long start = System.nanoTime();
      var unused = ours.engine.apply(policies[round & 1], ApplyOutcome.Unchanged.class);
      double same = millis(start);
      double load = theirs.load(files[round & 1]);
      if (round < 0) continue; // the JVM warms up
      rounds.add(apply, load);
      unchanged.add(same, apply);
    }
    String all = RULES + " negotiated rules, " + what + ": compile, apply, read back";
    return List.of(
        new Figure(
            name(),
            all,
            rounds.value(),
            "ms",
            "swanctl --load-all, a connection each, with traps",
            rounds.other(),
            rounds.ratio(),
            "<= " + Math.round(GOAL_MILLIS) + " ms",
            rounds.value() <= GOAL_MILLIS),
        new Figure(
            name(),
            all + ", unchanged",
            unchanged.value(),
            "ms",
            "its change",
            unchanged.other(),
            unchanged.ratio(),
            "reported, no limit",
            true));
  }

  private static double apply(Engine engine, HostPolicy policy) throws LabException {
    long start = System.nanoTime();
    ApplyOutcome.Applied applied = engine.apply(policy, ApplyOutcome.Applied.class);
    double millis = millis(start);
    if (!applied.rules().stream().allMatch(rule -> rule.state() == RuleStatus.State.ENFORCED))
      throw new LabException("not enforced: " + applied.rules().getFirst());
    return millis;
  }

  private static double millis(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  /// A namespace with an address that all peers are reached by, and a charon.
  private static final class Host implements AutoCloseable {
    private final Namespace space;
    private final Path directory;
    private final Engine engine;
    private final Deque<AutoCloseable> cleanUp = new ArrayDeque<>();

    Host(String name) throws LabException, IOException {
      space = new Namespace("reeve-bench-" + name + "-" + ProcessHandle.current().pid());
      directory = Files.createTempDirectory("reeve-bench");
      cleanUp.push(() -> Command.must("rm", "-r", directory.toString()));
      String unused = Command.must("ip", "netns", "add", space.name());
      cleanUp.push(() -> Command.run(List.of("ip", "netns", "del", space.name())));
      try {
        engine = new Engine(space);
      } catch (LabException e) {
        close();
        throw e;
      }
      cleanUp.push(engine);
      try {
        for (String line :
            List.of(
                "link set lo up",
                "link add out type veth peer name in",
                "link set in up",
                "address add 10.0.0.1/8 dev out",
                "link set out up")) {
          unused = space.must(("ip " + line).split(" "));
        }
      } catch (LabException e) {
        close();
        throw e;
      }
    }

    /// @return milliseconds
    double load(String configuration) throws LabException, IOException {
      Path socket = running(engine.charon());
      Files.writeString(directory.resolve("swanctl.conf"), configuration);
      long start = System.nanoTime();
      var line =
          List.of(
              "env",
              "SWANCTL_DIR=" + directory,
              "swanctl",
              "--load-all",
              "--uri",
              "unix://" + socket);
      Command.Output output = Command.run(line, "", PATIENCE);
      if (!output.succeeded()) throw new LabException("swanctl: " + output.said());
      return millis(start);
    }

    private static Path running(IkeDaemon charon) throws LabException {
      try {
        return charon.ensure();
      } catch (IkeException e) {
        throw new LabException("charon", e);
      }
    }

    @Override
    public void close() {
      while (!cleanUp.isEmpty()) {
        try {
          cleanUp.pop().close();
        } catch (Exception e) {
          System.err.println("left behind: " + e.getMessage());
        }
      }
    }
  }
}
