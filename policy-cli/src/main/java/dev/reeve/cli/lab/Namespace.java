package dev.reeve.cli.lab;

import java.util.ArrayList;
import java.util.List;

/// A network namespace made by the lab.
///
/// @param name as `ip netns list` prints it
public record Namespace(String name) {

  /// The command that runs `command` in here. `ip` becomes the command: the process id stays.
  public List<String> inside(List<String> command) {
    var words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(command);
    return List.copyOf(words);
  }

  public String must(String... command) throws LabException {
    return Command.must(inside(List.of(command)), "");
  }

  /// Loads a ruleset, or nothing of it.
  public void nft(String ruleset) throws LabException {
    Command.must(inside(List.of("nft", "-f", "-")), ruleset);
  }
}
