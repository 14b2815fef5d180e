package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `outsider HOST|server cannot read|change`: as the user `nobody`, read any file of its state, or
/// change anything through its local socket
record OutsiderStep(String where, boolean change) implements Step {

  private static final List<String> CHANGES =
      List.of("{\"do\":\"gpupdate\",\"force\":true,\"waitSeconds\":0}", "{\"do\":\"shutdown\"}");

  static Step parse(Words words) throws StepException {
    String where = words.host();
    words.literal("cannot");
    return new OutsiderStep(where, words.oneOf("read", "change").equals("change"));
  }

  @Override
  public boolean needsPackets() {
    return true; // root, to become somebody else
  }

  @Override
  public void run(Stage stage) throws LabException {
    try (Probe outsider = stage.lab().outsider()) {
      if (!outsider.reads(Path.of("/etc/hostname")) && !outsider.reads(Path.of("/etc/passwd"))) {
        throw new LabException("the outsider cannot read anything at all: the check says nothing");
      }
      if (change) changes(stage, outsider);
      else reads(stage, outsider);
    }
  }

  private void reads(Stage stage, Probe outsider) throws LabException {
    List<Path> files = files(state(stage));
    if (files.isEmpty()) throw new LabException("nothing in " + state(stage));
    for (Path file : files) {
      if (outsider.reads(file)) throw new LabException("user nobody reads " + file);
    }
    stage.note(files.size() + " files, none readable by user nobody");
  }

  private void changes(Stage stage, Probe outsider) throws LabException {
    Path socket =
        where.equals("server")
            ? socketIn(stage.lab().server().state())
            : socketIn(stage.lab().host(where).run());
    for (String request : CHANGES) {
      Optional<String> answer = outsider.ask(socket, request);
      stage.note(request + " is answered " + answer.orElse("by no one"));
      if (answer.isPresent() && !answer.get().contains("NOT_PERMITTED")) {
        throw new LabException("user nobody asks " + request + " and is told " + answer.get());
      }
    }
  }

  private static Path socketIn(Path run) throws LabException {
    try (Stream<Path> list = Files.list(run)) {
      return list.filter(p -> p.toString().endsWith(".sock"))
          .findFirst()
          .orElseThrow(() -> new LabException("no socket in " + run));
    } catch (IOException e) {
      throw new LabException("cannot look into " + run, e);
    }
  }

  private Path state(Stage stage) throws LabException {
    if (where.equals("server")) return stage.lab().server().state();
    LabHost host = stage.lab().host(where);
    return host.state();
  }

  private static List<Path> files(Path directory) throws LabException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new LabException("cannot look into " + directory, e);
    }
  }
}
