package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/// `tamper HOST|server GLOB`: flips one bit in the middle of each file of its state that matches
record TamperStep(String where, String glob) implements Step {

  static Step parse(Words words) throws StepException {
    return new TamperStep(words.host(), words.next("a pattern of file names"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    Path state =
        where.equals("server") ? stage.lab().server().state() : stage.lab().host(where).state();
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    try (Stream<Path> walk = Files.walk(state)) {
      List<Path> files =
          walk.filter(Files::isRegularFile)
              .filter(file -> matcher.matches(state.relativize(file)))
              .toList();
      if (files.isEmpty()) throw new LabException("no file matches " + glob + " in " + state);
      for (Path file : files) flip(file);
      stage.note(files.size() + " files tampered with");
    } catch (IOException e) {
      throw new LabException("cannot tamper with " + state, e);
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length == 0) return;
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
