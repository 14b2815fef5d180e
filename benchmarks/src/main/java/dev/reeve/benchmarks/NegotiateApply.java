package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Namespace;
import dev.reeve.cli.lab.Tools;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.ike.OwnCharon;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What it costs to bring a policy of many negotiated rules into charon, kernel and gate, against
/// `swanctl` bringing the same into a charon of its own.
final class NegotiateApply implements Benchmark {

  private static final int RULES = 1000;
  private static final int ROUNDS = 20;
  private static final double GOAL_MILLIS = 5000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final byte[] KEY = "a key for measuring".getBytes(StandardCharsets.UTF_8);

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
    if (new Xfrm(List.of()).whyNoEsp().isPresent()) {
      throw new LabException(
          "needs a kernel with ESP: build/esp-guest run benchmarks/run " + name());
    }
    try (var ours = new Host("ours");
        var theirs = new Host("theirs")) {
      return List.of(
          figure("the same terms", ManyRules.Terms.SAME, ours, theirs, progress),
          figure("terms of its own each", ManyRules.Terms.EACH_ITS_OWN, ours, theirs, progress));
    } catch (IOException e) {
      throw new LabException("cannot write swanctl's configuration", e);
    }
  }

  private Figure figure(
      String what, ManyRules.Terms terms, Host ours, Host theirs, Consumer<String> progress)
      throws LabException, IOException {
    HostPolicy[] policies = {ManyRules.of(RULES, 0, terms), ManyRules.of(RULES, 1, terms)};
    String[] files = {
      ManyRules.swanctl(RULES, 0, terms, KEY), ManyRules.swanctl(RULES, 1, terms, KEY)
    };
    var engine = ours.engine();
    var rounds = new Rounds();
    for (int round = -1; round < ROUNDS; round++) {
      progress.accept(what + ", round " + (round + 1) + " of " + ROUNDS);
      double apply = apply(engine, policies[round & 1]);
      double load = theirs.load(files[round & 1]);
      if (round >= 0) rounds.add(apply, load); // before, the JVM warms up
    }
    return new Figure(
        name(),
        RULES + " negotiated rules, " + what + ": compile, apply, read back",
        rounds.value(),
        "ms",
        "swanctl --load-all, a connection each, with traps",
        rounds.other(),
        rounds.ratio(),
        "<= " + Math.round(GOAL_MILLIS) + " ms",
        rounds.value() <= GOAL_MILLIS);
  }

  private static double apply(LinuxEngine engine, HostPolicy policy) throws LabException {
    long start = System.nanoTime();
    try {
      ApplyOutcome outcome = engine.apply(policy, HostView.NONE);
      double millis = (System.nanoTime() - start) / 1e6;
      boolean enforced =
          outcome instanceof ApplyOutcome.Applied(_, var rules)
              && rules.stream().allMatch(rule -> rule.state() == RuleStatus.State.ENFORCED);
      if (!enforced) {
        String said = outcome.toString();
        throw new LabException("not enforced: " + said.substring(0, Math.min(400, said.length())));
      }
      return millis;
    } catch (EngineException e) {
      throw new LabException("apply", e);
    }
  }

  /// A namespace with an address that all peers are reached by, and a charon.
  private static final class Host implements AutoCloseable {
    private final Namespace space;
    private final Path directory;
    private final OwnCharon charon;
    private final Deque<AutoCloseable> cleanUp = new ArrayDeque<>();

    Host(String name) throws LabException, IOException {
      space = new Namespace("reeve-bench-" + name + "-" + ProcessHandle.current().pid());
      directory = Files.createTempDirectory("reeve-bench");
      charon = new OwnCharon(directory.resolve("ike"), space.inside(List.of()));
      String unused = Command.must("ip", "netns", "add", space.name());
      cleanUp.push(() -> Command.run(List.of("ip", "netns", "del", space.name())));
      cleanUp.push(charon);
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

    LinuxEngine engine() {
      var credentials =
          new Negotiator.Credentials(
              Optional.empty(),
              List.of(),
              _ -> Optional.of(new IkeSecret(KEY)),
              Optional.empty(),
              Optional.empty());
      return new LinuxEngine(
          Nft.by(space.inside(List.of("nft"))),
          new Negotiator(new Xfrm(space.inside(List.of())), charon, () -> credentials));
    }

    /// @return milliseconds
    double load(String configuration) throws LabException, IOException {
      Path socket = running(charon);
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
      return (System.nanoTime() - start) / 1e6;
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
