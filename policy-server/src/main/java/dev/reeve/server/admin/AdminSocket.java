package dev.reeve.server.admin;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The socket for local administration: one line of JSON in, one line out. Only root and the
/// server's own user get an answer; the kernel says who is asking.
public final class AdminSocket implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("admin");
  private static final int MAX_LINE = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path path;
  private final ServerSocketChannel channel;
  private final Function<AdminRequest, JsonObject> answer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("admin-deadlines").factory());

  private AdminSocket(
      Path path, ServerSocketChannel channel, Function<AdminRequest, JsonObject> answer) {
    this.path = path;
    this.channel = channel;
    this.answer = answer;
  }

  /// @param answer makes the reply; an IllegalArgumentException becomes an error for the caller
  /// @throws IOException when the socket cannot be made; the message names its path
  public static AdminSocket open(Path path, Function<AdminRequest, JsonObject> answer)
      throws IOException {
    Files.deleteIfExists(
        path); // a killed server leaves its socket behind; the state directory is locked by now
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      channel.close();
      throw new IOException("admin socket " + path + ": " + e.getMessage(), e);
    }
    var socket = new AdminSocket(path, channel, answer);
    socket.threads.execute(socket::accept);
    return socket;
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        SocketChannel client = channel.accept();
        threads.execute(() -> serve(client));
      } catch (AsynchronousCloseException _) {
        return;
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        LOG.warn("admin socket: {}", e.getMessage());
      }
    }
  }

  private void serve(SocketChannel client) {
    var deadline =
        deadlines.schedule(() -> closeQuietly(client), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    try (client) {
      String user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      JsonObject reply =
          allowed(user)
              ? reply(readLine(client))
              : error("NOT_PERMITTED", "only root may administer this server, you are " + user);
      var bytes = ByteBuffer.wrap((JsonText.write(reply) + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) client.write(bytes);
    } catch (IOException e) {
      LOG.debug("admin socket: {}", e.getMessage());
    } finally {
      deadline.cancel(false);
    }
  }

  private static boolean allowed(String user) {
    return user.equals("root") || user.equals(System.getProperty("user.name"));
  }

  private JsonObject reply(String line) {
    try {
      return answer.apply(AdminRequest.parse(line));
    } catch (IllegalArgumentException e) {
      return error("REFUSED", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("admin request failed; report this as a bug", e);
      return error("FAILED", "the server's log says why");
    }
  }

  private static JsonObject error(String code, String detail) {
    return JsonBuilder.object().put("error", code).put("detail", detail).build();
  }

  static String readLine(SocketChannel from) throws IOException {
    var line = new ByteArrayOutputStream();
    var buffer = ByteBuffer.allocate(4096);
    while (line.size() <= MAX_LINE && from.read(buffer.clear()) >= 0) {
      for (buffer.flip(); buffer.hasRemaining(); ) {
        byte b = buffer.get();
        if (b == '\n') return line.toString(StandardCharsets.UTF_8);
        line.write(b);
      }
    }
    throw new IOException("no whole line of at most " + MAX_LINE + " bytes came");
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing: {}", e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    deadlines.shutdownNow();
    threads.shutdownNow();
    Files.deleteIfExists(path);
  }
}
