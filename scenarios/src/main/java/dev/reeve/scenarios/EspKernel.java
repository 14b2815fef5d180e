package dev.reeve.scenarios;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A kernel with ESP for the scenarios that need one: this machine's, else the guest's that
/// `build/esp-guest` boots.
///
/// @param home of the checkout
/// @param guests those of this program
record EspKernel(Path home, Guests guests) {

  /// Time for the long counts, and for what takes long without them: the guest's own limit is less.
  private static final String FULL_SECONDS = "7200";

  private static final String LONG_SECONDS = "1500";

  private static final List<String> NEEDED = List.of("charon-systemd", "tcpdump");

  enum Where {
    HERE,
    GUEST
  }

  /// @param where empty when there is none
  /// @param why not, for people
  record Found(Optional<Where> where, String why) {}

  Found find() {
    List<String> missing = NEEDED.stream().filter(tool -> !has(tool)).toList();
    if (!missing.isEmpty()) return none("not installed: " + String.join(", ", missing));
    if (isHere()) return new Found(Optional.of(Where.HERE), "");
    if (says("built")) return new Found(Optional.of(Where.GUEST), "");
    return none("this kernel has no ESP, and there is no guest: run build/esp-guest build");
  }

  /// Whether this machine's own kernel is one.
  boolean isHere() {
    return says("have");
  }

  private static Found none(String why) {
    return new Found(Optional.empty(), why);
  }

  private static boolean has(String tool) {
    return Stream.of("/usr/sbin", "/usr/bin", "/usr/libexec/ipsec")
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
  }

  private Path guest() {
    return home.resolve("build/esp-guest").toAbsolutePath().normalize();
  }

  private boolean says(String question) {
    try {
      return new ProcessBuilder(guest().toString(), question)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Runs one scenario in the guest, by this program.
  ///
  /// @param logs the only directory that the guest may write to
  /// @param note told each line
  Outcome inGuest(Scenario scenario, boolean full, Path logs, Consumer<String> note) {
    var line = new ArrayList<>(List.of(guest().toString(), "run", java(), "-XX:+UseSerialGC"));
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    if (full) line.add("--full");
    line.addAll(List.of("-v", scenario.name()));
    try {
      Files.createDirectories(logs);
      var builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().put("REEVE_HOME", home.toAbsolutePath().normalize().toString());
      builder.environment().put("REEVE_OUT", logs.toAbsolutePath().normalize().toString());
      String seconds = scenario.script().takesLong() ? LONG_SECONDS : "";
      if (full) seconds = FULL_SECONDS;
      if (!seconds.isEmpty()) builder.environment().putIfAbsent("REEVE_GUEST_SECONDS", seconds);
      return read(guests.start(builder), scenario.name(), note);
    } catch (IOException e) {
      return new Outcome.NotOk("the guest cannot be started: " + e.getMessage());
    }
  }

  private Outcome read(Process process, String scenario, Consumer<String> note) throws IOException {
    String last = "it said nothing";
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = out.readLine(); text != null; text = out.readLine()) {
        Optional<Outcome> outcome = Outcome.parse(scenario, text);
        if (outcome.isPresent()) return outcome.get();
        note.accept(text);
        if (!text.isBlank()) last = text.strip();
      }
      return new Outcome.NotOk("the guest ended: " + last);
    } finally {
      guests.end(process);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
