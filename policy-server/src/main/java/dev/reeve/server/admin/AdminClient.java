package dev.reeve.server.admin;

import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Asks a server on this machine, through its socket.
public final class AdminClient {

  /// The name of the socket in a server's state directory.
  public static final String SOCKET = "admin.sock";

  private AdminClient() {}

  /// The server said no.
  public static final class RefusedException extends Exception {
    private final String code;

    RefusedException(String code, String detail) {
      super(detail);
      this.code = code;
    }

    /// `NOT_PERMITTED`, `REFUSED` or `FAILED`.
    public String code() {
      return code;
    }
  }

  /// @param state the server's state directory
  /// @throws IOException when no server answers there
  public static JsonMembers ask(Path state, AdminRequest request)
      throws IOException, RefusedException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(state.resolve(SOCKET)));
      var bytes = ByteBuffer.wrap((request.toText() + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) channel.write(bytes);
      JsonMembers reply = JsonMembers.of("reply", JsonText.parse(AdminSocket.readLine(channel)));
      var error = reply.findString("error");
      if (error.isPresent()) throw new RefusedException(error.get(), reply.string("detail"));
      return reply;
    }
  }
}
