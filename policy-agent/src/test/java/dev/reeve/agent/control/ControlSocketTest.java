package dev.reeve.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.agent.control.ControlException.Kind;
import dev.reeve.agent.control.ControlRequest.GpUpdate;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlSocketTest {

  @TempDir Path temporary;

  private final List<ControlRequest> asked = new CopyOnWriteArrayList<>();
  private ControlServer server;
  private ControlClient client;

  @BeforeEach
  void open() throws IOException {
    server = ControlServer.open(temporary.resolve("run"), this::answer);
    client = new ControlClient(temporary.resolve("run"));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private JsonObject answer(ControlRequest request) {
    asked.add(request);
    return JsonBuilder.object().put("did", request.toString()).build();
  }

  private Path socket() {
    return temporary.resolve("run").resolve(ControlServer.SOCKET);
  }

  /// What the server says to these bytes; empty when it hangs up.
  private String raw(byte[] request) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      var bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) channel.write(bytes);
      var answer = new ByteArrayOutputStream();
      try {
        Channels.newInputStream(channel).transferTo(answer);
      } catch (IOException _) {
        // hung up on: what was said before counts
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void a_question_is_answered() throws Exception {
    JsonMembers answer = JsonMembers.of("$", client.gpupdate(true, 30));
    assertThat(answer.string("did")).contains("GpUpdate");
    assertThat(asked).containsExactly(new GpUpdate(true, 30));
    assertThat(client.status().toString()).contains("STATUS");
    assertThat(client.rsop().toString()).contains("RSOP");
    assertThat(client.manifest().toString()).contains("MANIFEST");
    assertThat(client.shutdown().toString()).contains("SHUTDOWN");
  }

  @Test
  void directory_and_socket_let_only_owner_and_group_in() throws IOException {
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve("run"))))
        .isEqualTo("rwxr-x---");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
        .isEqualTo("rw-rw----");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "{}",
        "[]",
        "{\"do\":\"format\"}",
        "{\"do\":\"status\",\"do\":\"status\"}",
        "{\"do\":\"status\",\"more\":1}",
        "{\"do\":\"gpupdate\",\"force\":true,\"waitSeconds\":601}",
        "{\"do\":\"gpupdate\",\"waitSeconds\":-1}",
        "{\"do\":5}"
      })
  void nonsense_is_refused_in_words(String request) throws IOException {
    String answer = raw((request + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(JsonText.parseObject(answer.getBytes(StandardCharsets.UTF_8)).string("error"))
        .isEqualTo("BAD_REQUEST");
    assertThat(asked).isEmpty();
  }

  @Test
  void an_endless_request_is_cut_off() throws IOException {
    byte[] endless = new byte[ControlServer.MAX_REQUEST + 1];
    assertThat(raw(endless)).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void callers_that_say_nothing_keep_nobody_else_waiting() throws Exception {
    List<SocketChannel> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++)
        silent.add(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
      assertThat(client.status()).isNotNull();
    } finally {
      for (SocketChannel channel : silent) channel.close();
    }
  }

  @Test
  void only_root_and_the_agents_own_user_change_anything() throws IOException {
    var users = temporary.getFileSystem().getUserPrincipalLookupService();
    UserPrincipal nobody = users.lookupPrincipalByName("nobody");
    Peers peers = Peers.of(socket());
    assertThat(peers.mayChange(Files.getOwner(socket()))).isTrue();
    assertThat(peers.mayChange(users.lookupPrincipalByName("root"))).isTrue();
    assertThat(peers.mayChange(nobody)).isFalse();
    assertThat(new Peers(Set.of(nobody)).mayChange(nobody)).isTrue();
    assertThat(new GpUpdate(false, 0).changes()).isTrue();
    assertThat(ControlRequest.Simple.SHUTDOWN.changes()).isTrue();
    assertThat(ControlRequest.Simple.STATUS.changes()).isFalse();
  }

  /// The group of the directory is let in to read; nobody else gets as far as that.
  @Test
  void an_unprivileged_user_is_kept_out_and_a_member_of_the_group_may_only_read() throws Exception {
    assumeTrue(Files.getOwner(temporary).getName().equals("root"), "needs root");
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path run = temporary.resolve("run");
    assertThat(as("65534", "65534", "{\"do\":\"status\"}")).contains("Permission denied");

    assertThat(
            new ProcessBuilder("chgrp", "65533", run.toString(), socket().toString())
                .start()
                .waitFor())
        .isZero();
    assertThat(as("65534", "65533", "{\"do\":\"status\"}")).contains("did");
    assertThat(as("65534", "65533", "{\"do\":\"shutdown\"}")).contains("NOT_PERMITTED");
    assertThat(as("65534", "65533", "{\"do\":\"gpupdate\",\"force\":true,\"waitSeconds\":0}"))
        .contains("NOT_PERMITTED");
    assertThat(asked).containsExactly(ControlRequest.Simple.STATUS);
  }

  /// Runs as somebody else: says one line to a socket and prints what comes back.
  static final class Asker {
    private Asker() {}

    public static void main(String[] arguments) throws IOException {
      try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
        channel.write(ByteBuffer.wrap((arguments[1] + "\n").getBytes(StandardCharsets.UTF_8)));
        Channels.newInputStream(channel).transferTo(System.out);
      }
    }
  }

  private String as(String uid, String gid, String request) throws Exception {
    String file = Asker.class.getName().replace('.', '/') + ".class";
    Path copy = temporary.resolve("classes").resolve(file);
    Files.createDirectories(copy.getParent());
    try (var in = Asker.class.getClassLoader().getResourceAsStream(file)) {
      Files.write(copy, in.readAllBytes());
    }
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + gid,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                temporary.resolve("classes").toString(),
                Asker.class.getName(),
                socket().toString(),
                request)
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void a_second_agent_is_refused_and_a_stale_socket_is_not_in_the_way() throws Exception {
    assertThatThrownBy(() -> ControlServer.open(temporary.resolve("run"), this::answer))
        .hasMessageContaining("another agent listens");
    assertThat(client.status()).isNotNull();
    server.close();
    Files.createFile(socket());
    server = ControlServer.open(temporary.resolve("run"), this::answer);
    assertThat(client.status()).isNotNull();
  }

  @Test
  void no_agent_is_said_so() throws IOException {
    server.close();
    assertThatThrownBy(client::status)
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("reeve agent");
  }

  @Test
  void an_error_becomes_an_exception_with_its_words() throws Exception {
    server.close();
    server =
        ControlServer.open(temporary.resolve("run"), _ -> ControlServer.error("NONE", "not yet"));
    assertThatThrownBy(client::manifest).hasMessage("not yet");
  }

  @Test
  void requests_are_read_as_they_were_written() {
    JsonValue json = new GpUpdate(true, 17).toJson();
    assertThat(ControlRequest.parse(JsonMembers.of("$", json))).isEqualTo(new GpUpdate(true, 17));
  }
}
