package dev.reeve.agent.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.agent.TestServer;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.join.JoinException.Kind;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.JoinString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinTest {

  private static final Optional<String> HERE = Optional.of("0".repeat(32));
  private static final Optional<String> COPY = Optional.of("1".repeat(32));

  @TempDir Path temporary;
  private TestServer server;
  private StateDirectory directory;

  @BeforeEach
  void open() throws Exception {
    server = new TestServer(temporary);
    directory = StateDirectory.open(temporary.resolve("state"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Join join(Optional<String> machine) {
    return new Join(
        directory,
        machine,
        address -> Map.of("hostname", "web-01", "address", address.getHostAddress()),
        InstantSource.system());
  }

  @Test
  void stores_who_it_is_and_whom_it_trusts() throws Exception {
    Joined joined = join(HERE).run(server.joinString());
    assertThat(joined.warnings()).isEmpty();
    Membership stored = directory.findMembership().orElseThrow();
    assertThat(stored).isEqualTo(joined.membership());
    assertThat(stored.host()).isEqualTo(TestServer.HOST);
    assertThat(stored.machineId()).isEqualTo(HERE);
    assertThat(stored.servers()).hasToString("[127.0.0.1:" + server.joinString().port() + "]");
    assertThat(directory.key(stored)).isNotNull();
  }

  @Test
  void the_secret_is_not_stored() throws Exception {
    var unused = join(HERE).run(server.joinString());
    try (var files = Files.walk(temporary.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain(server.joinString().secret());
      }
    }
  }

  @Test
  void the_same_join_string_again_gives_the_same_host_and_key() throws Exception {
    Membership first = join(HERE).run(server.joinString()).membership();
    Membership again = join(HERE).run(server.joinString()).membership();
    assertThat(again.sameAs(first)).isTrue();
  }

  @Test
  void a_copy_of_the_machine_has_another_key_and_is_refused_with_a_used_token() throws Exception {
    var unused = join(HERE).run(server.joinString());
    assertThatThrownBy(() -> join(COPY).run(server.joinString()))
        .isInstanceOfSatisfying(
            JoinException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_PERMITTED))
        .hasMessageContaining("TOKEN_USED");
    assertThat(directory.findMembership().orElseThrow().machineId()).isEqualTo(HERE);
  }

  @Test
  void a_wrong_pin_sends_nothing_and_stores_nothing() throws Exception {
    JoinString right = server.joinString();
    var wrong =
        new JoinString(
            right.host(), right.port(), right.tokenId(), right.secret(), Digest.of(new byte[1]));
    assertThatThrownBy(() -> join(HERE).run(wrong))
        .isInstanceOfSatisfying(
            JoinException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_TRUSTED))
        .hasMessageContaining("nothing was sent")
        .hasMessageContaining("root key");
    assertThat(server.requests).isEmpty();
    assertThat(directory.findMembership()).isEmpty();
  }

  @Test
  void a_wrong_secret_is_refused_in_the_servers_words() throws Exception {
    JoinString right = server.joinString();
    var wrong =
        new JoinString(right.host(), right.port(), right.tokenId(), "b".repeat(64), right.pin());
    assertThatThrownBy(() -> join(HERE).run(wrong)).hasMessageContaining("TOKEN_UNKNOWN");
    assertThat(directory.findMembership()).isEmpty();
  }

  @Test
  void a_server_that_is_not_there_is_unreachable() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    var nowhere =
        new JoinString("127.0.0.1", port, "0".repeat(16), "0".repeat(64), server.authority.pin());
    assertThatThrownBy(() -> join(HERE).run(nowhere))
        .isInstanceOfSatisfying(
            JoinException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
  }

  @Test
  void a_server_that_hangs_up_before_it_says_who_it_is_is_no_wrong_server() throws Exception {
    JoinString right = server.joinString();
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread.ofVirtual()
          .start(() -> {
            try (var client = socket.accept()) {
              int unused = client.getInputStream().read(); // the greeting has begun to arrive
              client.shutdownOutput();
              client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException _) {
              // the client is gone
            }
          });
      var there =
          new JoinString(
              right.host(), socket.getLocalPort(), right.tokenId(), right.secret(), right.pin());
      assertThatThrownBy(() -> join(HERE).run(there))
          .isInstanceOfSatisfying(
              JoinException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
          .hasMessageContaining("ended the connection before it said who it is");
    }
  }

  @Test
  void a_clock_ten_minutes_off_is_warned_of_with_the_difference() throws Exception {
    InstantSource ahead = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10));
    Joined joined = new Join(directory, HERE, _ -> Map.of(), ahead).run(server.joinString());
    assertThat(joined.warnings())
        .singleElement()
        .asString()
        .containsPattern("clock is (9 min 5[0-9]|10 min [0-9]+) s ahead of");
  }

  @Test
  void a_clock_years_off_is_named_as_the_likely_cause() {
    InstantSource behind = InstantSource.offset(InstantSource.system(), Duration.ofDays(-4000));
    assertThatThrownBy(
            () -> new Join(directory, HERE, _ -> Map.of(), behind).run(server.joinString()))
        .isInstanceOf(JoinException.class)
        .hasMessageContaining("clock");
  }

  @Test
  void a_machine_differs_only_when_both_ids_are_known() {
    assertThat(MachineId.differs(HERE, COPY)).isTrue();
    assertThat(MachineId.differs(HERE, HERE)).isFalse();
    assertThat(MachineId.differs(HERE, Optional.empty())).isFalse();
    assertThat(MachineId.differs(Optional.empty(), HERE)).isFalse();
  }
}
