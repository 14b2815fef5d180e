package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether the charon of this host can do what the engine asks of it.
public final class CharonCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private CharonCheck() {}

  public sealed interface Result {}

  public record Missing(String detail) implements Result {}

  public record NotStarted(String detail) implements Result {}

  public record Unfit(String detail, String advice) implements Result {}

  public record Fit(String detail) implements Result {}

  /// @param socket where ours takes commands
  public static Result of(Path socket) {
    return of(OwnCharon.notInstalled(), socket);
  }

  static Result of(Optional<String> notInstalled, Path socket) {
    if (notInstalled.isPresent()) return new Missing(notInstalled.get());
    if (!Files.exists(socket)) {
      return new NotStarted("installed; the agent starts it when a policy negotiates");
    }
    try (var client = ViciClient.connect(socket, PATIENCE)) {
      ViciMessage version = client.ask("version", ViciMessage.EMPTY);
      String name = version.text("daemon") + " " + version.text("version");
      List<String> plugins = client.ask("stats", ViciMessage.EMPTY).list("plugins");
      return Plugins.whyUnfit(Set.copyOf(plugins))
          .<Result>map(why ->
              new Unfit(
                  name + ": " + why, "mend that and end this charon: the agent starts a new one"))
          .orElseGet(() ->
              new Fit(name + " runs, with every plug-in that is needed and without bypass-lan"));
    } catch (ViciException e) {
      return new Unfit(
          String.valueOf(e.getMessage()), "ask as root; the agent starts a new one within seconds");
    }
  }
}
