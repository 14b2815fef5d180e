package dev.reeve.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What a command did: its exit code and what it wrote.
public record Ran(int code, String out, String err) {

  /// Runs `reeve` in this process, with nobody to ask.
  public static Ran reeve(String... arguments) {
    return with(Map.of(), arguments);
  }

  public static Ran with(Map<String, String> environment, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            _ -> Optional.empty(),
            name -> Optional.ofNullable(environment.get(name)));
    int code = Main.run(terminal, arguments);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
