package dev.reeve.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayTest {

  @TempDir private Path directory = Path.of("");
  private ServerSocket greeter = unbound();

  private static ServerSocket unbound() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void greet() throws IOException {
    greeter.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              try (Socket client = greeter.accept()) {
                client.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
              }
            }
          } catch (IOException _) {
            // closed: the test is over
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    greeter.close();
  }

  @Test
  void bytes_pass_from_tcp_through_a_unix_socket_to_tcp() throws IOException {
    var between = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (var inner = Relay.open(between, greeter.getLocalSocketAddress());
        var outer = Relay.open(new InetSocketAddress("127.0.0.1", 0), between)) {
      assertThat(inner.address()).isEqualTo(between);
      assertThat(line(outer)).isEqualTo("hello");
    }
  }

  @Test
  void a_cut_relay_passes_nothing_until_it_is_mended() throws IOException {
    try (var relay =
        Relay.open(new InetSocketAddress("127.0.0.1", 0), greeter.getLocalSocketAddress())) {
      relay.cut();
      assertThat(line(relay)).isEqualTo("nothing");
      relay.mend();
      assertThat(line(relay)).isEqualTo("hello");
    }
  }

  private static String line(Relay relay) throws IOException {
    var address = (InetSocketAddress) relay.address();
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      return line == null ? "nothing" : line;
    } catch (java.net.SocketException e) {
      return "nothing";
    }
  }
}
