package dev.reeve.agent.control;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// The agent's end of the control socket. Its directory lets only its owner and its group in, so
/// whoever gets here may read; who wants to change something must be root or the agent's own user.
public final class ControlServer implements Closeable {

  private static final System.Logger LOG = System.getLogger("control");

  static final String SOCKET = "agent.sock";
  static final int MAX_REQUEST = 16 << 10;
  private static final Duration REQUEST_TIME = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIME = Duration.ofSeconds(10);
  private static final int MAX_AT_ONCE = 16;
  private static final int MAX_PER_USER = 4;

  private final ServerSocketChannel listener;
  private final Path socket;
  private final Peers peers;
  private final Function<ControlRequest, JsonObject> answers;
  private final Map<UserPrincipal, Integer> busy = new HashMap<>(); // guarded by itself

  private ControlServer(
      ServerSocketChannel listener,
      Path socket,
      Peers peers,
      Function<ControlRequest, JsonObject> answers) {
    this.listener = listener;
    this.socket = socket;
    this.peers = peers;
    this.answers = answers;
  }

  /// @param directory made when it is missing; 0750 in any case
  /// @param answers may wait; called on a thread of its own
  /// @throws IOException also when another agent listens there
  public static ControlServer open(Path directory, Function<ControlRequest, JsonObject> answers)
      throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    Path socket = directory.resolve(SOCKET);
    removeStale(socket);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(UnixDomainSocketAddress.of(socket), 16);
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
      var server = new ControlServer(listener, socket, Peers.of(socket), answers);
      Thread.ofPlatform().daemon().name("control").start(server::accept);
      return server;
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  private static void removeStale(Path socket) throws IOException {
    if (listens(socket)) throw new IOException("another agent listens on " + socket);
    Files.deleteIfExists(socket); // of an agent that was killed
  }

  private static boolean listens(Path socket) {
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return other.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        UserPrincipal user = peers.user(channel);
        if (enter(user)) {
          Thread.ofPlatform().daemon().name("control-request").start(() -> serve(channel, user));
        } else {
          channel.close();
        }
      } catch (IOException e) {
        if (listener.isOpen()) LOG.log(WARNING, "control socket: {0}", e.toString());
      }
    }
  }

  /// A few at once, and a few of each user: nobody keeps root out.
  private boolean enter(UserPrincipal user) {
    synchronized (busy) {
      int all = busy.values().stream().mapToInt(Integer::intValue).sum();
      boolean master = peers.mayChange(user);
      int own = busy.getOrDefault(user, 0);
      if (own >= (master ? MAX_AT_ONCE : MAX_PER_USER) || (!master && all >= MAX_AT_ONCE)) {
        return false;
      }
      busy.put(user, own + 1);
      return true;
    }
  }

  private void leave(UserPrincipal user) {
    synchronized (busy) {
      busy.computeIfPresent(user, (_, count) -> count > 1 ? count - 1 : null);
    }
  }

  private void serve(SocketChannel channel, UserPrincipal user) {
    try (var lines = new LineChannel(channel)) {
      JsonObject answer = answer(lines.read(MAX_REQUEST, REQUEST_TIME), user);
      lines.write(JsonText.write(answer), ANSWER_TIME);
    } catch (IOException e) {
      LOG.log(DEBUG, "control request of {0}: {1}", user.getName(), e.getMessage());
    } finally {
      leave(user);
    }
  }

  private JsonObject answer(byte[] line, UserPrincipal user) {
    try {
      ControlRequest request = ControlRequest.parse(JsonText.parseObject(line));
      if (request.changes() && !peers.mayChange(user)) {
        LOG.log(WARNING, "refused to {0}: {1}", user.getName(), request);
        return error("NOT_PERMITTED", "only root and the agent's own user may do this");
      }
      return answers.apply(request);
    } catch (IllegalArgumentException e) {
      return error("BAD_REQUEST", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(WARNING, "control request failed", e);
      return error("FAILED", e.toString());
    }
  }

  /// As every end of ours says that something went wrong.
  public static JsonObject error(String code, String detail) {
    return JsonBuilder.object().put("error", code).put("detail", detail).build();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
  }
}
