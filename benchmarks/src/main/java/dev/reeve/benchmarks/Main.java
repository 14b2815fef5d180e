package dev.reeve.benchmarks;

import dev.reeve.cli.lab.LabException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// `benchmarks/run [--list | NAME...] [--output json]`
public final class Main {

  static final List<Benchmark> ALL =
      List.of(
          new RsopOne(),
          new RsopAll(),
          new SnapshotReady(),
          new ChangeFeed(),
          new AgentFootprint(),
          new PacketCost(),
          new EngineApply(),
          new NegotiateApply());

  private static final String USAGE =
      """
      Usage: benchmarks/run [--list] [--output text|json] [NAME...]

      Measures, each figure beside a peer or a limit in the same run.

        --list         name the benchmarks and what they measure; run none
        --output json  one JSON object per figure and line:
                       {"benchmark", "figure", "value", "unit", "against",
                       "against_value", "ratio", "goal", "met"}

      Exits 1 when a goal is not met or something cannot be measured.
      """;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) {
    var names = new ArrayList<String>();
    boolean json = false;
    boolean list = false;
    for (int i = 0; i < args.size(); i++) {
      switch (args.get(i)) {
        case "--help", "-h" -> {
          System.out.print(USAGE);
          return 0;
        }
        case "--list" -> list = true;
        case "--output", "--output=json", "--output=text" -> {
          String[] parts = args.get(i).split("=");
          String form = parts.length == 2 ? parts[1] : i + 1 < args.size() ? args.get(++i) : "";
          if (!List.of("json", "text").contains(form)) return usage("--output: text or json");
          json = form.equals("json");
        }
        default -> names.add(args.get(i));
      }
    }
    for (String name : names) {
      if (ALL.stream().noneMatch(b -> b.name().equals(name)))
        return usage("no benchmark " + name + "; see --list");
    }
    List<Benchmark> chosen =
        ALL.stream().filter(b -> names.isEmpty() || names.contains(b.name())).toList();
    if (list) {
      lines(chosen).forEach(System.out::println);
      return 0;
    }
    boolean met = true;
    for (Benchmark benchmark : chosen) met &= run(benchmark, json);
    return met ? 0 : 1;
  }

  /// What `--list` prints: the name, then what it measures.
  static List<String> lines(List<Benchmark> benchmarks) {
    return benchmarks.stream().map(b -> "%-16s %s".formatted(b.name(), b.about())).toList();
  }

  private static boolean run(Benchmark benchmark, boolean json) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    Consumer<String> progress =
        terminal && !json
            ? text -> System.err.print("\r\033[K" + benchmark.name() + ": " + text)
            : _ -> {};
    try {
      List<Figure> figures = benchmark.measure(progress);
      if (terminal && !json) System.err.print("\r\033[K");
      for (Figure figure : figures) {
        if (json) System.out.println(figure.toJson());
        else FigureTable.lines(figure).forEach(System.out::println);
      }
      return figures.stream().allMatch(Figure::met);
    } catch (LabException e) {
      System.err.println(benchmark.name() + ": " + e.getMessage());
      return false;
    }
  }

  private static int usage(String what) {
    System.err.println("benchmarks/run: " + what);
    System.err.print(USAGE);
    return 2;
  }
}
