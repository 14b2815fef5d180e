package dev.reeve.engine.vici;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.engine.vici.ViciException.Reason;
import dev.reeve.engine.vici.ViciFrame.CommandRequest;
import dev.reeve.engine.vici.ViciFrame.CommandResponse;
import dev.reeve.engine.vici.ViciFrame.CommandUnknown;
import dev.reeve.engine.vici.ViciFrame.Event;
import dev.reeve.engine.vici.ViciFrame.EventConfirm;
import dev.reeve.engine.vici.ViciFrame.EventRegister;
import dev.reeve.engine.vici.ViciFrame.EventUnknown;
import dev.reeve.engine.vici.ViciFrame.EventUnregister;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client beside a server that says what each test wants.
class ViciClientTest {

  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir Path directory;
  private ServerSocketChannel listener;

  @BeforeEach
  void listen() throws IOException {
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket()));
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private Path socket() {
    return directory.resolve("vici");
  }

  private interface Charon {
    void talk(Talk talk) throws IOException, ViciException;
  }

  private record Talk(SocketChannel channel) {
    ViciFrame heard() throws IOException, ViciException {
      return ViciCodec.decode(read(ByteBuffer.wrap(read(4)).getInt()));
    }

    private byte[] read(int length) throws IOException {
      var buffer = ByteBuffer.allocate(length);
      while (buffer.hasRemaining()) if (channel.read(buffer) < 0) throw new IOException("closed");
      return buffer.array();
    }

    void say(ViciFrame frame) throws IOException, ViciException {
      say(ViciCodec.encode(frame));
    }

    void say(byte[] bytes) throws IOException {
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) channel.write(buffer);
    }
  }

  private ViciClient client(Charon charon) throws ViciException {
    Thread.ofVirtual()
        .start(() -> {
          try (SocketChannel channel = listener.accept()) {
            charon.talk(new Talk(channel));
            var unused = channel.read(ByteBuffer.allocate(1)); // until the client goes
          } catch (IOException | ViciException e) {
            // the client sees a closed connection, and its test fails
          }
        });
    return ViciClient.connect(socket(), Duration.ofSeconds(5));
  }

  private static ViciMessage text(String key, String value) {
    return ViciMessage.of(m -> m.put(key, value));
  }

  @Test
  void a_command_is_answered() throws ViciException {
    try (var client =
        client(talk -> {
          assertThat(talk.heard()).isEqualTo(new CommandRequest("version", text("a", "b")));
          talk.say(new CommandResponse(text("daemon", "charon")));
        })) {
      assertThat(client.ask("version", text("a", "b")).text("daemon")).isEqualTo("charon");
    }
  }

  @Test
  void an_answer_may_come_byte_by_byte() throws ViciException {
    try (var client =
        client(talk -> {
          talk.heard();
          for (byte b : ViciCodec.encode(new CommandResponse(text("k", "v")))) {
            talk.say(new byte[] {b});
          }
        })) {
      assertThat(client.ask("version", ViciMessage.EMPTY).text("k")).isEqualTo("v");
    }
  }

  @Test
  void a_stream_ends_with_its_answer_and_other_events_wait() throws ViciException {
    try (var client =
        client(talk -> {
          assertThat(talk.heard()).isEqualTo(new EventRegister("ike-updown"));
          talk.say(new EventConfirm());
          assertThat(talk.heard()).isEqualTo(new EventRegister("list-sa"));
          talk.say(new EventConfirm());
          talk.heard();
          talk.say(new Event("list-sa", text("n", "1")));
          talk.say(new Event("ike-updown", text("up", "yes")));
          talk.say(new Event("list-sa", text("n", "2")));
          talk.say(new CommandResponse(ViciMessage.EMPTY));
          assertThat(talk.heard()).isEqualTo(new EventUnregister("list-sa"));
          talk.say(new EventConfirm());
        })) {
      client.listen("ike-updown");

      var streamed = client.stream("list-sas", "list-sa", ViciMessage.EMPTY);

      assertThat(streamed).extracting(m -> m.text("n")).containsExactly("1", "2");
      var event = client.next(SHORT).orElseThrow();
      assertThat(event.name()).isEqualTo("ike-updown");
      assertThat(client.next(SHORT)).isEmpty();
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void a_refusal_carries_charons_words() throws ViciException {
    try (var client =
        client(talk -> {
          talk.heard();
          talk.say(
              new CommandResponse(
                  ViciMessage.of(m -> m.put("success", "no").put("errmsg", "not today"))));
        })) {
      assertThatThrownBy(() -> client.change("load-conn", ViciMessage.EMPTY))
          .isInstanceOfSatisfying(
              ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED))
          .hasMessage("load-conn: not today");
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void unknown_commands_and_events_are_told_apart_from_refusals() throws ViciException {
    try (var client =
        client(talk -> {
          talk.heard();
          talk.say(new CommandUnknown());
          talk.heard();
          talk.say(new EventUnknown());
        })) {
      failsWith(Reason.UNKNOWN, () -> client.ask("alert", ViciMessage.EMPTY));
      failsWith(Reason.UNKNOWN, () -> client.listen("alert"));
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void a_hostile_length_closes_the_connection() throws ViciException {
    try (var client =
        client(talk -> {
          talk.heard();
          talk.say(new byte[] {0x7f, -1, -1, -1});
        })) {
      failsWith(Reason.TOO_LARGE, () -> client.ask("version", ViciMessage.EMPTY));
      assertThat(client.isOpen()).isFalse();
    }
  }

  @Test
  void half_an_answer_and_silence_close_the_connection() throws IOException, ViciException {
    Thread.ofVirtual()
        .start(() -> {
          try (SocketChannel channel = listener.accept()) {
            new Talk(channel).say(new byte[] {0, 0, 0, 9, 1});
            var unused = channel.read(ByteBuffer.allocate(64));
            unused = channel.read(ByteBuffer.allocate(64));
          } catch (IOException e) {
            // as above
          }
        });
    try (var client = ViciClient.connect(socket(), SHORT)) {
      failsWith(Reason.TIMED_OUT, () -> client.ask("version", ViciMessage.EMPTY));
      assertThat(client.isOpen()).isFalse();
    }
  }

  @Test
  void a_charon_that_dies_is_unreachable() throws ViciException {
    try (var client =
        client(talk -> {
          talk.heard();
          throw new IOException("killed");
        })) {
      failsWith(Reason.UNREACHABLE, () -> client.ask("version", ViciMessage.EMPTY));
      assertThat(client.isOpen()).isFalse();
    }
  }

  @Test
  void no_socket_is_unreachable_and_named() throws IOException {
    Files.deleteIfExists(socket());
    assertThatThrownBy(() -> ViciClient.connect(socket()))
        .isInstanceOfSatisfying(
            ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE))
        .hasMessageContaining(socket().toString());
  }

  @Test
  void a_confirmation_where_an_answer_belongs_is_refused() throws ViciException {
    try (var client =
        client(talk -> {
          talk.heard();
          talk.say(new EventConfirm());
        })) {
      failsWith(Reason.MALFORMED, () -> client.ask("version", ViciMessage.EMPTY));
      assertThat(client.isOpen()).isFalse();
    }
  }

  private static void failsWith(
      Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ViciException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
