package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Whether the charon of this host can do what the engine asks of it.
public final class CharonCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// Without one of these something that a policy may say cannot be done.
  private static final List<String> NEEDED =
      List.of(
          "nonce",
          "openssl",
          "x509",
          "revocation",
          "constraints",
          "kdf",
          "hmac",
          "kernel-netlink",
          "socket-default",
          "vici");

  private CharonCheck() {}

  public sealed interface Result {}

  public record Missing(String detail) implements Result {}

  public record NotStarted(String detail) implements Result {}

  public record Unfit(String detail, String advice) implements Result {}

  public record Fit(String detail) implements Result {}

  /// @param socket where ours takes commands
  public static Result of(Path socket) {
    if (OwnCharon.program().isEmpty()) return new Missing("strongSwan is not installed");
    if (!Files.exists(socket)) {
      return new NotStarted("installed; the agent starts it when a policy negotiates");
    }
    try (var client = ViciClient.connect(socket, PATIENCE)) {
      ViciMessage version = client.ask("version", ViciMessage.EMPTY);
      List<String> plugins = client.ask("stats", ViciMessage.EMPTY).list("plugins");
      String name = version.text("daemon") + " " + version.text("version");
      if (plugins.contains("bypass-lan")) {
        return new Unfit(
            name + " has loaded bypass-lan, which lets the local network pass in clear",
            "remove the plug-in from the settings in " + socket.getParent());
      }
      var missing = new ArrayList<>(NEEDED);
      missing.removeAll(plugins);
      if (!missing.isEmpty()) {
        return new Unfit(
            name + " has no plug-in " + String.join(", ", missing),
            "install the package libstrongswan-standard-plugins");
      }
      return new Fit(name + " runs, with every plug-in that is needed and without bypass-lan");
    } catch (ViciException e) {
      return new Unfit(
          String.valueOf(e.getMessage()), "ask as root; the agent starts a new one within seconds");
    }
  }
}
