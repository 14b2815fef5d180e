package dev.reeve.cli.lab;

import dev.reeve.engine.ike.Charon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The charon that a host's agent has started.
public final class LabIke {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Namespace namespace;
  private final Path directory;

  /// @param directory as the agent gives it
  LabIke(Namespace namespace, Path directory) {
    this.namespace = namespace;
    this.directory = directory;
  }

  /// Ends all associations with all peers, as at the end of their lives, and waits until no host
  /// has one with this one.
  ///
  /// @param address of this host
  /// @param peers that may run a charon too
  void forget(String address, List<LabIke> peers) throws LabException {
    end();
    Await.until(
        "the associations to end",
        PATIENCE,
        () -> {
          if (!associations().isEmpty()) return false;
          for (LabIke peer : peers) {
            if (peer.associations().stream().anyMatch(a -> a.remoteHost().equals(address))) {
              return false;
            }
          }
          return true;
        });
  }

  private void end() throws LabException {
    if (!runs()) return;
    try (var charon = Charon.connect(socket())) {
      for (IkeAssociation association : charon.read().associations()) {
        charon.endIke(association.id());
      }
    } catch (IkeException e) {
      throw new LabException("charon in " + namespace.name(), e);
    }
  }

  private List<IkeAssociation> associations() throws LabException {
    if (!runs()) return List.of();
    try (var charon = Charon.connect(socket())) {
      return charon.read().associations();
    } catch (IkeException e) {
      throw new LabException("charon in " + namespace.name(), e);
    }
  }

  private boolean runs() {
    return Files.exists(socket());
  }

  private Path socket() {
    return directory.resolve("vici");
  }

  private List<ProcessHandle> processes() throws LabException {
    return Command.must("ip", "netns", "pids", namespace.name())
        .lines()
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).stream())
        .filter(process -> process.info().command().orElse("").endsWith("charon-systemd"))
        .toList();
  }

  /// Whether it runs and answers.
  boolean answers() throws LabException {
    if (processes().isEmpty()) return false;
    try (var charon = Charon.connect(socket())) {
      return charon.since().isPresent();
    } catch (IkeException e) {
      return false;
    }
  }

  /// Whether it has agreed with anybody on how to protect something.
  boolean hasAssociations() throws LabException {
    return associations().stream().anyMatch(one -> !one.children().isEmpty());
  }

  /// The numbers of associations that carry traffic, of both kinds.
  private record Keys(Set<Long> mainModes, Set<Long> spis) {

    static Keys of(List<IkeAssociation> associations) {
      var mainModes = new HashSet<Long>();
      var spis = new HashSet<Long>();
      for (IkeAssociation association : associations) {
        if (association.children().isEmpty()) continue;
        mainModes.add(association.id());
        association.children().forEach(child -> spis.addAll(child.spis()));
      }
      return new Keys(mainModes, spis);
    }

    boolean isEmpty() {
      return mainModes.isEmpty() || spis.isEmpty();
    }

    boolean share(Keys other) {
      return mainModes.stream().anyMatch(other.mainModes::contains)
          || spis.stream().anyMatch(other.spis::contains);
    }
  }

  /// Waits until nothing is left of the associations that carry traffic now, and others do: the
  /// policy's lifetimes bring that about.
  void awaitNewKeys(Duration limit) throws LabException {
    Keys before = Keys.of(associations());
    if (before.isEmpty()) throw new LabException("no association in " + namespace.name());
    Await.until(
        "new keys in " + namespace.name(),
        limit,
        () -> {
          Keys now = Keys.of(associations());
          return !now.isEmpty() && !now.share(before);
        });
  }

  /// @param process its number
  /// @param kilobytes of it that are in memory
  public record Memory(long process, long kilobytes) {}

  Memory memory() throws LabException {
    List<ProcessHandle> all = processes();
    if (all.size() != 1) throw new LabException(all.size() + " charons in " + namespace.name());
    long pid = all.getFirst().pid();
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> new Memory(pid, Long.parseLong(line.replaceAll("\\D", ""))))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new LabException("charon in " + namespace.name(), e);
    }
  }

  /// SIGKILL; waits until it has gone. The agent is told nothing.
  void kill() throws LabException {
    if (processes().isEmpty()) throw new LabException("no charon runs in " + namespace.name());
    killIfThere();
  }

  void killIfThere() throws LabException {
    for (ProcessHandle charon : processes()) {
      var unused = charon.destroyForcibly();
      Await.until("charon to end", PATIENCE, () -> !charon.isAlive());
    }
  }
}
