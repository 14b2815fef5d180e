package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabServer;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `withdrawal shows N [within S]`: so many hosts keep a policy that the directory takes from them,
/// and the exit code says so; `withdrawal confirm`: lets go what is shown
sealed interface WithdrawalStep extends Step {

  Duration PATIENCE = Duration.ofSeconds(30);

  static Step parse(Words words) throws StepException {
    if (words.oneOf("shows", "confirm").equals("confirm")) return new Confirm();
    int held = words.number("hosts", 0, 1000);
    return new Shows(held, words.maybeWithin().orElse(PATIENCE));
  }

  /// @param id empty = nothing is held
  record Shown(long held, Optional<String> id, List<String> computers) {}

  private static Shown show(LabServer server) throws LabException {
    Command.Output output = server.administer(List.of("withdrawal", "show", "--output", "json"));
    try {
      JsonMembers json = JsonText.parseObject(output.out().getBytes(StandardCharsets.UTF_8));
      var shown =
          new Shown(
              json.number("held"),
              json.findString("id"),
              json.objects("hosts", WithdrawalStep::computer));
      int expected = shown.held == 0 ? 0 : 1;
      if (output.exit() != expected)
        throw new LabException("withdrawal show exits " + output.exit() + ": " + output.said());
      return shown;
    } catch (JsonException e) {
      throw new LabException("withdrawal show says: " + output.said(), e);
    }
  }

  private static String computer(JsonMembers host) {
    String computer = host.string("computer");
    var unused = host.rest();
    return computer;
  }

  record Shows(int held, Duration within) implements WithdrawalStep {
    @Override
    public void run(Stage stage) throws LabException {
      Shown shown =
          Await.value(
              () -> "withdrawal show to name " + held + " hosts",
              within,
              () -> Optional.of(show(stage.lab().server())).filter(s -> s.held == held));
      stage.note(String.join(" ", shown.computers));
      if (shown.computers.size() != held)
        throw new LabException("held are " + held + " hosts, and named are " + shown.computers);
    }
  }

  record Confirm() implements WithdrawalStep {
    @Override
    public void run(Stage stage) throws LabException {
      LabServer server = stage.lab().server();
      String id =
          show(server)
              .id
              .orElseThrow(() -> new LabException("nothing is held that could be confirmed"));
      String text = server.administer(List.of("withdrawal", "show")).out();
      if (!text.contains("reeve withdrawal confirm " + id))
        throw new LabException("withdrawal show does not tell people how to confirm: " + text);
      Command.Output output = server.administer(List.of("withdrawal", "confirm", id));
      stage.note(output.said());
      if (!output.succeeded())
        throw new LabException("withdrawal confirm exits " + output.exit() + ": " + output.said());
    }
  }
}
