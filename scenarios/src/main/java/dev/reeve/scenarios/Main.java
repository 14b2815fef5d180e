package dev.reeve.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// `scenarios/run [--list | --full | -v | NAME...]`
public final class Main {

  private static final String USAGE =
      """
      Usage: scenarios/run [--list] [--full] [-v] [NAME...]

      Shows that each promise to the user holds, on the real server, agent and engine.
      One line per scenario as it ends: "ok NAME  seconds", "not ok NAME  reason"
      or "skip NAME  reason". Exits 1 when any is not ok.

        --list  name the scenarios and what they promise; run none
        --full  the long counts
        -v      show each step as it happens
      """;

  private static final int GUESTS = 3; // at a time: each uses half a processor

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) {
    if (args.contains("--help") || args.contains("-h")) {
      System.out.print(USAGE);
      return 0;
    }
    var names = new ArrayList<String>();
    for (String arg : args) {
      if (!arg.startsWith("-")) names.add(arg);
      else if (!List.of("--list", "--full", "-v").contains(arg)) return usage("no option " + arg);
    }
    Path home = Path.of(Optional.ofNullable(System.getenv("REEVE_HOME")).orElse("."));
    try {
      List<Scenario> all = Scenario.all(home.resolve("scenarios"));
      for (String name : names) {
        if (all.stream().noneMatch(s -> s.name().equals(name)))
          return usage("no scenario " + name + "; see --list");
      }
      List<Scenario> chosen =
          names.isEmpty() ? all : all.stream().filter(s -> names.contains(s.name())).toList();
      if (!args.contains("--list")) return run(chosen, home, args);
      int width = chosen.stream().mapToInt(s -> s.name().length()).max().orElse(0);
      chosen.forEach(s -> System.out.printf("%-" + width + "s  %s%n", s.name(), s.promise()));
      return 0;
    } catch (IOException | ScriptException e) {
      System.err.println("scenarios/run: " + e.getMessage());
      return 1;
    }
  }

  private static int run(List<Scenario> scenarios, Path home, List<String> args) {
    Consumer<String> note = args.contains("-v") ? System.out::println : _ -> {};
    Path logs = home.resolve("scenarios/target/logs");
    var runner = new Runner(new EspKernel(home, new Guests()), args.contains("--full"), logs, note);
    // Guests have a processor and a network of their own, and their scenarios mostly wait: they
    // need not wait for the rest.
    Map<Boolean, List<Scenario>> lanes =
        scenarios.stream().collect(Collectors.partitioningBy(runner::runsInGuest));
    try (var guests = Executors.newFixedThreadPool(GUESTS)) {
      List<Future<Boolean>> inGuests =
          lanes.getOrDefault(true, List.of()).stream()
              .sorted(Comparator.comparing(scenario -> !scenario.script().takesLong()))
              .map(scenario -> guests.submit(() -> isWell(scenario, runner)))
              .toList();
      boolean well = true;
      for (Scenario scenario : lanes.getOrDefault(false, List.of())) {
        well &= isWell(scenario, runner);
      }
      for (Future<Boolean> one : inGuests) well &= one.get();
      return well ? 0 : 1;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isWell(Scenario scenario, Runner runner) {
    Outcome outcome = runner.run(scenario);
    System.out.println(outcome.toLine(scenario.name()));
    return !(outcome instanceof Outcome.NotOk);
  }

  private static int usage(String what) {
    System.err.println("scenarios/run: " + what);
    System.err.print(USAGE);
    return 2;
  }
}
