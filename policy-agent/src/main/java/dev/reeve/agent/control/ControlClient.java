package dev.reeve.agent.control;

import dev.reeve.agent.control.ControlException.Kind;
import dev.reeve.agent.control.ControlRequest.GpUpdate;
import dev.reeve.agent.control.ControlRequest.Simple;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The other end of the control socket: what commands on the same host use.
///
/// @param directory where the agent's socket is
public record ControlClient(Path directory) {

  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int MAX_ANSWER = 32 << 20;
  private static final Duration GRACE = Duration.ofSeconds(15);

  /// @return `poll` (`arrived`, `unchanged`, `refused`, `failed`, `not-joined`, `asked`), `detail`,
  ///   `version`, `outcome`, `steps`, `rules`
  public JsonObject gpupdate(boolean force, int waitSeconds) throws ControlException {
    return ask(new GpUpdate(force, waitSeconds), Duration.ofSeconds(waitSeconds).plus(GRACE));
  }

  public JsonObject status() throws ControlException {
    return ask(Simple.STATUS, GRACE);
  }

  public JsonObject rsop() throws ControlException {
    return ask(Simple.RSOP, GRACE);
  }

  public JsonObject manifest() throws ControlException {
    return ask(Simple.MANIFEST, GRACE);
  }

  public JsonObject shutdown() throws ControlException {
    return ask(Simple.SHUTDOWN, GRACE);
  }

  /// What is in force and what happens now.
  public JsonObject sight() throws ControlException {
    return ask(Simple.SIGHT, LONG);
  }

  /// @param what as [dev.reeve.agent.dynamic.DynamicChange] writes it
  public JsonObject change(JsonObject what) throws ControlException {
    return ask(new ControlRequest.Change(what), LONG);
  }

  /// @param peer an address; empty for all
  public JsonObject endAssociations(Optional<String> peer) throws ControlException {
    return ask(new ControlRequest.EndAssociations(peer), LONG);
  }

  private JsonObject ask(ControlRequest request, Duration within) throws ControlException {
    // Before there is a connection: the agent does not wait for long.
    String line = JsonText.write(request.toJson());
    try (var lines = new LineChannel(connect())) {
      lines.write(line, GRACE);
      return checked(JsonText.parse(lines.read(MAX_ANSWER, within)));
    } catch (IOException | IllegalArgumentException e) {
      throw new ControlException(Kind.FAILED, "the agent gave no answer: " + e.getMessage());
    }
  }

  private SocketChannel connect() throws ControlException {
    Path socket = directory.resolve(ControlServer.SOCKET);
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw refused(socket, e);
    }
  }

  private ControlException refused(Path socket, IOException e) {
    boolean denied =
        e instanceof AccessDeniedException
            || String.valueOf(e.getMessage()).contains("Permission denied")
            || (Files.exists(directory) && !Files.isExecutable(directory));
    return denied
        ? new ControlException(
            Kind.NOT_PERMITTED, "only root and members of the group of " + directory + " may ask")
        : new ControlException(
            Kind.UNREACHABLE,
            "no agent listens on " + socket + ": is it running ('reeve agent')? " + e.getMessage());
  }

  private static JsonObject checked(JsonValue answer) throws ControlException {
    if (!(answer instanceof JsonObject object))
      throw new ControlException(Kind.FAILED, "the agent answered " + answer.kind());
    JsonMembers in = JsonMembers.of("$", object);
    var error = in.findString("error");
    if (error.isEmpty()) return object;
    Kind kind = error.get().equals("NOT_PERMITTED") ? Kind.NOT_PERMITTED : Kind.FAILED;
    throw new ControlException(kind, in.findString("detail").orElse(error.get()));
  }
}
