package dev.reeve.scenarios;

import dev.reeve.cli.lab.Lab;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Tools;
import dev.reeve.scenarios.verbs.Libreswan;
import dev.reeve.scenarios.verbs.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Runs scenarios, each in a lab of its own.
///
/// @param esp for those that need a kernel with ESP
/// @param full the long counts
/// @param logs where the logs of those that fail are kept, a folder each
/// @param note told each step as it happens
record Runner(EspKernel esp, boolean full, Path logs, Consumer<String> note) {

  Outcome run(Scenario scenario) {
    boolean packets = Tools.mayMakeNamespaces() && Tools.missing().isEmpty();
    if (scenario.needsPackets() && !packets) return new Outcome.Skipped(whyNot());
    if (scenario.needsNoEsp() && esp.isHere()) {
      return new Outcome.Skipped("this machine's kernel has ESP, and this needs one that has none");
    }
    if (scenario.needsLibreswan() && !Libreswan.isThere())
      return new Outcome.Skipped("no libreswan: run build/libreswan get");
    if (scenario.needsEsp()) {
      EspKernel.Found kernel = esp.find();
      if (kernel.where().isEmpty()) return new Outcome.Skipped(kernel.why());
      if (kernel.where().get() == EspKernel.Where.GUEST) {
        return esp.inGuest(scenario, full, logs, note);
      }
    }
    long start = System.nanoTime();
    Lab lab = null;
    try {
      lab =
          packets
              ? Lab.withNamespaces(scenario.domain(), scenario.hosts())
              : Lab.onLoopback(scenario.domain(), scenario.hosts());
      runSteps(scenario, lab);
    } catch (LabException | RuntimeException e) {
      return new Outcome.NotOk(message(e) + keepLogs(scenario, lab));
    } finally {
      if (lab != null) lab.close();
    }
    List<String> left = lab.leftovers();
    return left.isEmpty()
        ? new Outcome.Ok((System.nanoTime() - start) / 1e9)
        : new Outcome.NotOk("left behind: " + String.join(", ", left));
  }

  /// Whether it runs in a kernel of its own, beside whatever runs on this machine's.
  boolean runsInGuest(Scenario scenario) {
    return scenario.needsEsp() && esp.find().where().equals(Optional.of(EspKernel.Where.GUEST));
  }

  private static String message(Exception e) {
    return e instanceof LabException ? String.valueOf(e.getMessage()) : e.toString();
  }

  private static String whyNot() {
    return Tools.mayMakeNamespaces()
        ? "not installed: " + String.join(", ", Tools.missing())
        : "needs root on Linux: network namespaces and nftables";
  }

  private void runSteps(Scenario scenario, Lab lab) throws LabException {
    var stage = new Stage(lab, scenario.folder(), full, text -> note.accept("      " + text));
    try {
      for (Script.Line line : scenario.script().steps()) {
        note.accept("   " + line.number() + "  " + line.text());
        try {
          line.step().run(stage);
        } catch (LabException e) {
          throw new LabException(line + ": " + e.getMessage());
        }
      }
    } finally {
      stage.end();
    }
  }

  private String keepLogs(Scenario scenario, @org.jspecify.annotations.Nullable Lab lab) {
    if (lab == null) return "";
    try {
      Path kept = logs.resolve(scenario.name());
      lab.keepLogs(kept);
      return " (logs: " + kept + ")";
    } catch (LabException e) {
      return " (" + e.getMessage() + ")";
    }
  }
}
