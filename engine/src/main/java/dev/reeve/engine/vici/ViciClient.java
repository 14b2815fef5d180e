package dev.reeve.engine.vici;

import dev.reeve.engine.vici.ViciException.Reason;
import dev.reeve.engine.vici.ViciFrame.CommandRequest;
import dev.reeve.engine.vici.ViciFrame.CommandResponse;
import dev.reeve.engine.vici.ViciFrame.CommandUnknown;
import dev.reeve.engine.vici.ViciFrame.Event;
import dev.reeve.engine.vici.ViciFrame.EventConfirm;
import dev.reeve.engine.vici.ViciFrame.EventRegister;
import dev.reeve.engine.vici.ViciFrame.EventUnknown;
import dev.reeve.engine.vici.ViciFrame.EventUnregister;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// One connection to a charon. For one thread: charon answers one command at a time, and what it
/// streams comes between the command and its answer.
///
/// Use one for commands and another one for events: charon queues events for a listener that does
/// not read, and holds on to its threads while it does.
public final class ViciClient implements Closeable {

  /// How long charon may be silent; it answers within milliseconds unless it negotiates.
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ViciSocket socket;
  private final Duration patience;
  private final Deque<ViciEvent> waiting = new ArrayDeque<>();

  private ViciClient(ViciSocket socket, Duration patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /// Something that charon said unasked, or streamed.
  public record ViciEvent(String name, ViciMessage message) {}

  public static ViciClient connect(Path socket) throws ViciException {
    return connect(socket, PATIENCE);
  }

  /// @param patience how long charon may be silent before a call gives up
  public static ViciClient connect(Path socket, Duration patience) throws ViciException {
    return new ViciClient(ViciSocket.open(socket), patience);
  }

  /// A question: `version`, `stats`, `get-conns`.
  public ViciMessage ask(String command, ViciMessage message) throws ViciException {
    socket.send(new CommandRequest(command, message), patience);
    return answer(command);
  }

  /// A change: `load-conn`, `unload-conn`, `terminate`. Its answer says `success`.
  ///
  /// @throws ViciException REFUSED in charon's own words when it says anything but yes
  public ViciMessage change(String command, ViciMessage message) throws ViciException {
    ViciMessage answer = ask(command, message);
    if (!answer.text("success").equals("yes")) {
      throw new ViciException(
          Reason.REFUSED,
          command + ": " + answer.find("errmsg").orElse("refused without a reason"));
    }
    return answer;
  }

  /// A question whose answer is streamed as events: `list-sas` as `list-sa`.
  public List<ViciMessage> stream(String command, String event, ViciMessage message)
      throws ViciException {
    listen(event);
    ask(command, message);
    unregister(event);
    var streamed = new ArrayList<ViciMessage>();
    waiting.removeIf(one -> {
      if (!one.name().equals(event)) return false;
      streamed.add(one.message());
      return true;
    });
    return streamed;
  }

  /// From now on, [#next] gives the events of that name.
  public void listen(String event) throws ViciException {
    socket.send(new EventRegister(event), patience);
    confirmed(event);
  }

  private void unregister(String event) throws ViciException {
    socket.send(new EventUnregister(event), patience);
    confirmed(event);
  }

  /// The next event; empty when none came in time.
  public Optional<ViciEvent> next(Duration limit) throws ViciException {
    if (!waiting.isEmpty()) return Optional.of(waiting.remove());
    try {
      return switch (socket.receive(limit)) {
        case Event(var name, var message) -> Optional.of(new ViciEvent(name, message));
        case ViciFrame other -> throw unexpected(other, "an event");
      };
    } catch (ViciException e) {
      if (e.reason() == Reason.TIMED_OUT && socket.isOpen()) return Optional.empty();
      throw e;
    }
  }

  /// An event that is there already; waits for nothing but the rest of it.
  public Optional<ViciEvent> poll() throws ViciException {
    return poll(Duration.ZERO);
  }

  /// Likewise, and waits for it that long.
  public Optional<ViciEvent> poll(Duration wait) throws ViciException {
    if (waiting.isEmpty() && !socket.hasInput(wait)) return Optional.empty();
    return next(patience);
  }

  private ViciMessage answer(String command) throws ViciException {
    while (true) {
      switch (received()) {
        case Event(var name, var message) -> waiting.add(new ViciEvent(name, message));
        case CommandResponse(var message) -> {
          return message;
        }
        case CommandUnknown() ->
            throw new ViciException(Reason.UNKNOWN, "this charon has no command " + command);
        case ViciFrame other -> throw unexpected(other, "the answer to " + command);
      }
    }
  }

  private void confirmed(String event) throws ViciException {
    while (true) {
      switch (received()) {
        case Event(var name, var message) -> waiting.add(new ViciEvent(name, message));
        case EventConfirm() -> {
          return;
        }
        case EventUnknown() ->
            throw new ViciException(Reason.UNKNOWN, "this charon has no event " + event);
        case ViciFrame other -> throw unexpected(other, "the confirmation of " + event);
      }
    }
  }

  /// An answer that comes too late would be taken for the next one's.
  private ViciFrame received() throws ViciException {
    try {
      return socket.receive(patience);
    } catch (ViciException e) {
      close();
      throw e;
    }
  }

  private ViciException unexpected(ViciFrame frame, String wanted) {
    close();
    return new ViciException(
        Reason.MALFORMED,
        "charon sent a " + frame.getClass().getSimpleName() + ", expected " + wanted);
  }

  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() {
    socket.close();
  }
}
