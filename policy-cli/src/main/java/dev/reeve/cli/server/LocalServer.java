package dev.reeve.cli.server;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.server.admin.AdminClient;
import dev.reeve.server.admin.AdminRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The server on this machine, asked through its root-only socket.
final class LocalServer {

  private LocalServer() {}

  /// @param state the server's state directory
  static JsonMembers ask(Path state, AdminRequest request) throws CommandException {
    try {
      return AdminClient.ask(state, request);
    } catch (AdminClient.RefusedException e) {
      throw new CommandException(
          e.code().equals("NOT_PERMITTED") ? ExitCode.NOT_PERMITTED : ExitCode.FAILED,
          String.valueOf(e.getMessage()));
    } catch (IOException e) {
      if (Files.exists(state) && !Files.isExecutable(state)
          || String.valueOf(e.getMessage()).contains("Permission denied")) {
        throw new CommandException(
            ExitCode.NOT_PERMITTED, "only root may ask this: " + state + " is closed to you");
      }
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "no server listens on "
              + state.resolve(AdminClient.SOCKET)
              + ": is it running there ('reeve server'), or is --state another?");
    }
  }
}
