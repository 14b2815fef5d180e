package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.JavaCommand;
import dev.reeve.cli.lab.LabException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// From a started process to the whole picture of a large domain in a real directory.
final class SnapshotReady implements Benchmark {

  private static final FleetDomain DOMAIN = FleetDomain.LARGE;
  private static final int ROUNDS = 5;
  private static final int HEAP_MIB = 700;
  private static final double GOAL_SECONDS = 15;

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public String about() {
    return "100,000 computers in OpenLDAP: time and heap to the first picture, beside ldapsearch";
  }

  private record Sample(double seconds, double peakMebi, double keptMebi) {}

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    progress.accept("loading " + DOMAIN);
    var time = new Rounds();
    var peak = new Rounds();
    var kept = new Rounds();
    try (FleetSlapd slapd = FleetSlapd.of(DOMAIN)) {
      double unused = ldapsearchSeconds(slapd); // what both read is in memory from here on
      for (int round = 1; round <= ROUNDS; round++) {
        progress.accept("round " + round + " of " + ROUNDS);
        Sample sample = read(slapd);
        time.add(sample.seconds, ldapsearchSeconds(slapd));
        peak.add(sample.peakMebi, HEAP_MIB);
        kept.add(sample.keptMebi, HEAP_MIB);
      }
    }
    return List.of(
        new Figure(
            name(),
            DOMAIN + " in OpenLDAP: first connection to picture, heap of " + HEAP_MIB + " MiB",
            time.value(),
            "s",
            "ldapsearch of the same entries and attributes, its text thrown away",
            time.other(),
            time.ratio(),
            "<= 15 s",
            time.value() <= GOAL_SECONDS),
        new Figure(
            name(),
            "heap while reading, all spaces at their fullest",
            peak.value(),
            "MiB",
            "the heap it is given",
            peak.other(),
            peak.ratio(),
            "<= 700 MiB",
            peak.value() <= HEAP_MIB),
        new Figure(
            name(),
            "heap in use afterwards",
            kept.value(),
            "MiB",
            "the heap it is given",
            kept.other(),
            kept.ratio(),
            "<= 700 MiB",
            kept.value() <= HEAP_MIB));
  }

  private static Sample read(FleetSlapd slapd) throws LabException {
    var command = new ArrayList<String>();
    command.add(JavaCommand.java().toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xshare:auto"));
    command.addAll(List.of("-Xmx" + HEAP_MIB + "m", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SnapshotReader.class.getName());
    command.addAll(slapd.arguments());
    Command.Output output = Command.run(command, "", Duration.ofMinutes(3));
    List<String> lines = output.out().lines().toList();
    if (!output.succeeded() || lines.isEmpty())
      throw new LabException("the picture was not made: " + output.said());
    String[] words = lines.getLast().split(" ");
    if (Integer.parseInt(words[1]) != DOMAIN.computers())
      throw new LabException("the picture has " + words[1] + " computers");
    return new Sample(
        Double.parseDouble(words[0]) / 1000,
        Double.parseDouble(words[2]),
        Double.parseDouble(words[3]));
  }

  /// The attributes that the server asks for.
  private static double ldapsearchSeconds(FleetSlapd slapd) throws LabException {
    try {
      long start = System.nanoTime();
      Process process =
          slapd
              .ldapsearch(List.of("-LLL"), List.of("*", "entryUUID", "entryCSN", "modifyTimestamp"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(
              process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) throw new LabException("ldapsearch exits " + exit + ": " + said.strip());
      return (System.nanoTime() - start) / 1e9;
    } catch (IOException e) {
      throw new LabException("cannot run ldapsearch", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }
}
