package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.JavaCommand;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Namespace;
import dev.reeve.cli.lab.Tools;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What the gate costs the first packet of a flow that no filter matches, and, where the kernel has
/// ESP, its own policies for the negotiated ones.
final class PacketCost implements Benchmark {

  private static final int ROUNDS = 20;
  private static final int PACKETS = 4000;
  private static final int NAIVE_PACKETS = 200;
  private static final double GOAL = 1.15;

  @Override
  public String name() {
    return "packet-cost";
  }

  @Override
  public String about() {
    return "a packet past 10,000 filters in 12 shapes, against 12 filters and against a rule each";
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    if (!Tools.mayMakeNamespaces()) throw new LabException("needs root on Linux");
    HostPolicy all = ManyFilters.of(10_000, 0);
    progress.accept("loading");
    try (var many = new Host("many");
        var few = new Host("few");
        var none = new Host("none");
        var naive = new Host("naive")) {
      many.enforce(all);
      few.enforce(ManyFilters.of(ManyFilters.SHAPES, 0));
      naive.space.nft(ManyFilters.oneRuleEach(all));
      var shapes = new Rounds();
      var bare = new Rounds();
      var byHand = new Rounds();
      for (int round = -3; round < ROUNDS; round++) {
        progress.accept("round " + (round + 1) + " of " + ROUNDS);
        double ours = many.send(PACKETS, round);
        double twelve = few.send(PACKETS, round);
        double nothing = none.send(PACKETS, round);
        double linear = naive.send(NAIVE_PACKETS, round);
        if (round < 0) continue; // the JVMs warm up
        shapes.add(ours, twelve);
        bare.add(ours, nothing);
        byHand.add(ours, linear);
      }
      return List.of(
          figure(shapes, "12 filters of the same shapes", "<= 1.15 x", shapes.ratio() <= GOAL),
          figure(byHand, "a chain of one rule per filter", "reported, no limit", true),
          figure(bare, "no table", "reported, no limit", true));
    }
  }

  private Figure figure(Rounds rounds, String against, String goal, boolean met) {
    return new Figure(
        name(),
        "first packet of a flow past 10,000 filters, CPU time",
        rounds.value(),
        "ns",
        against,
        rounds.other(),
        rounds.ratio(),
        goal,
        met);
  }

  /// A namespace whose only way out swallows what it is given, and a process in it that sends.
  private static final class Host implements AutoCloseable {
    final Namespace space;
    private final Namespace sink;
    private Optional<Engine> engine = Optional.empty();
    private Optional<Process> sender = Optional.empty();

    Host(String name) throws LabException {
      space = new Namespace("reeve-bench-" + name + "-" + ProcessHandle.current().pid());
      sink = new Namespace(space.name() + "-sink");
      String unused = Command.must("ip", "netns", "add", space.name());
      try {
        for (String line :
            List.of(
                "netns add " + sink.name(),
                "-n HERE link add out type veth peer name in netns " + sink.name(),
                "-n " + sink.name() + " link set in up",
                "-n HERE address add 198.51.100.1/24 dev out",
                "-n HERE link set out up arp off", // so that the other end takes nothing
                "-n HERE route add default dev out")) {
          unused = Command.must(("ip " + line.replace("HERE", space.name())).split(" "));
        }
        sender =
            Optional.of(
                new ProcessBuilder(
                        space.inside(JavaCommand.withAgentOptions(PacketSender.class, List.of())))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
      } catch (IOException e) {
        close();
        throw new LabException("cannot start a sender", e);
      } catch (LabException e) {
        close();
        throw e;
      }
    }

    void enforce(HostPolicy policy) throws LabException {
      engine = Optional.of(new Engine(space));
      var unused = engine.get().apply(policy, ApplyOutcome.Applied.class);
    }

    double send(int packets, int seed) throws LabException {
      Process process = sender.orElseThrow();
      try {
        var out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        out.println(packets + " " + seed);
        Optional<String> answer = Optional.ofNullable(process.inputReader().readLine());
        return Double.parseDouble(
            answer.orElseThrow(
                () -> new LabException("the sender in " + space.name() + " has ended")));
      } catch (IOException e) {
        throw new LabException("the sender in " + space.name(), e);
      }
    }

    @Override
    public void close() {
      sender.ifPresent(Process::destroyForcibly);
      engine.ifPresent(Engine::close);
      try {
        Command.run(List.of("ip", "netns", "del", space.name()));
        Command.run(List.of("ip", "netns", "del", sink.name()));
      } catch (LabException e) {
        System.err.println(e.getMessage());
      }
    }
  }
}
