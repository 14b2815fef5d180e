package dev.reeve.scenarios;

import dev.reeve.cli.lab.Domain;
import dev.reeve.cli.lab.HostSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A promise to the user, and how it is shown to hold.
///
/// @param promise the title of its README
/// @param domain the sample domain unless the folder has a `domain.ldif`
record Scenario(
    String name, Path folder, String promise, Domain domain, List<HostSpec> hosts, Script script) {

  private static final String BASE = "DC=corp,DC=example";

  /// Whether it needs a kernel that can protect packets.
  boolean needsEsp() {
    return script.needs() == Script.Needs.ESP;
  }

  /// Whether it needs one that cannot.
  boolean needsNoEsp() {
    return script.needs() == Script.Needs.NO_ESP;
  }

  boolean needsPackets() {
    return needsEsp() || script.steps().stream().anyMatch(line -> line.step().needsPackets());
  }

  boolean needsLibreswan() {
    return script.steps().stream().anyMatch(line -> line.step().needsLibreswan());
  }

  /// All of them, by name.
  static List<Scenario> all(Path scenarios) throws IOException, ScriptException {
    List<Path> folders;
    try (Stream<Path> list = Files.list(scenarios)) {
      folders = list.filter(dir -> Files.exists(dir.resolve("steps.txt"))).sorted().toList();
    }
    var found = new java.util.ArrayList<Scenario>();
    for (Path folder : folders) found.add(read(folder));
    return List.copyOf(found);
  }

  private static Scenario read(Path folder) throws IOException, ScriptException {
    String name = folder.getFileName().toString();
    Script script =
        Script.parse(name + "/steps.txt", Files.readString(folder.resolve("steps.txt")));
    Path ldif = folder.resolve("domain.ldif");
    return new Scenario(
        name,
        folder,
        title(folder.resolve("README.md")),
        Files.exists(ldif) ? new Domain.File(ldif, BASE) : Domain.Sample.SAMPLE,
        script.hosts(),
        script);
  }

  private static String title(Path readme) throws IOException {
    try (Stream<String> lines = Files.lines(readme)) {
      Optional<String> title = lines.filter(line -> line.startsWith("# ")).findFirst();
      return title.map(line -> line.substring(2)).orElse("");
    }
  }
}
