package dev.reeve.engine.vici;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.engine.TestCharon;
import dev.reeve.engine.vici.ViciException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The client beside a real charon in a network namespace of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViciCharonIT {

  private Optional<TestCharon> started = Optional.empty();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Optional<String> missing = TestCharon.missing();
    assumeTrue(missing.isEmpty(), () -> "no charon: " + missing.orElse(""));
    started = Optional.of(TestCharon.start(directory));
  }

  @AfterAll
  void stop() {
    started.ifPresent(TestCharon::close);
  }

  private ViciClient client() throws ViciException {
    return ViciClient.connect(started.orElseThrow().socket());
  }

  private static ViciMessage connection(String name, String address) {
    return ViciMessage.of(m ->
        m.section(
            name,
            c ->
                c.put("version", 2)
                    .list("remote_addrs", List.of(address))
                    .section("local", l -> l.put("auth", "psk"))
                    .section("remote", r -> r.put("auth", "psk"))
                    .section(
                        "children",
                        all ->
                            all.section(
                                "child",
                                child ->
                                    child
                                        .put("mode", "transport")
                                        .put("reqid", 77)
                                        .put("policies", false)
                                        .list("remote_ts", List.of("10.0.0.0/8[tcp]"))))));
  }

  @Test
  void it_says_who_it_is() throws ViciException {
    try (var client = client()) {
      ViciMessage version = client.ask("version", ViciMessage.EMPTY);
      assertThat(version.text("daemon")).isEqualTo("charon-systemd");
      ViciMessage stats = client.ask("stats", ViciMessage.EMPTY);
      assertThat(stats.section("uptime").find("since")).isPresent();
      assertThat(stats.list("plugins")).contains("vici", "kernel-netlink");
      assertThat(stats.section("ikesas").findNumber("total")).contains(0L);
    }
  }

  @Test
  void connections_are_loaded_listed_and_unloaded() throws ViciException {
    try (var client = client()) {
      client.change("load-conn", connection("one", "10.1.0.0/16"));

      assertThat(client.ask("get-conns", ViciMessage.EMPTY).list("conns")).contains("one");
      List<ViciMessage> listed = client.stream("list-conns", "list-conn", ViciMessage.EMPTY);
      var child =
          listed.stream()
              .map(m -> m.section("one"))
              .filter(m -> !m.elements().isEmpty())
              .findFirst()
              .orElseThrow()
              .section("children")
              .section("child");
      assertThat(child.text("mode")).isEqualTo("TRANSPORT");
      assertThat(child.list("remote-ts")).containsExactly("10.0.0.0/8[tcp]");

      client.change("unload-conn", ViciMessage.of(m -> m.put("name", "one")));
      assertThat(client.ask("get-conns", ViciMessage.EMPTY).list("conns")).doesNotContain("one");
    }
  }

  /// An answer of many frames, and one long list.
  @Test
  void five_hundred_connections() throws ViciException {
    List<String> names = IntStream.range(0, 500).mapToObj(i -> "many-" + i).toList();
    try (var client = client()) {
      for (String name : names) client.change("load-conn", connection(name, "10.2.0.0/16"));
      assertThat(client.ask("get-conns", ViciMessage.EMPTY).list("conns")).containsAll(names);
      assertThat(client.stream("list-conns", "list-conn", ViciMessage.EMPTY))
          .hasSizeGreaterThanOrEqualTo(500);
      for (String name : names) {
        client.change("unload-conn", ViciMessage.of(m -> m.put("name", name)));
      }
    }
  }

  @Test
  void secrets_of_any_bytes_are_loaded_and_never_shown() throws ViciException {
    byte[] secret = {0, 1, 2, (byte) 0xff, '\n', 0};
    try (var client = client()) {
      client.change(
          "load-shared",
          ViciMessage.of(m ->
              m.put("id", "s1").put("type", "IKE").put("data", secret).list("owners", List.of())));
      ViciMessage shared = client.ask("get-shared", ViciMessage.EMPTY);
      assertThat(shared.list("keys")).containsExactly("s1");
      client.change("unload-shared", ViciMessage.of(m -> m.put("id", "s1")));
    }
  }

  @Test
  void a_refusal_is_told_in_its_own_words() throws ViciException {
    try (var client = client()) {
      assertThatThrownBy(() ->
              client.change(
                  "load-conn",
                  ViciMessage.of(
                      m -> m.section("bad", c -> c.list("proposals", List.of("rot13"))))))
          .isInstanceOfSatisfying(
              ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
      assertThatThrownBy(() ->
              client.change("unload-conn", ViciMessage.of(m -> m.put("name", "no-such-conn"))))
          .hasMessageContaining("no-such-conn");
      assertThatThrownBy(() -> client.ask("no-such-command", ViciMessage.EMPTY))
          .isInstanceOfSatisfying(
              ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN));
      assertThatThrownBy(() -> client.listen("no-such-event"))
          .isInstanceOfSatisfying(
              ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN));
      assertThat(client.ask("version", ViciMessage.EMPTY).find("version")).isPresent();
    }
  }

  /// Events on one connection while another one commands; and control-log streams, which end with
  /// the failure of the attempt.
  @Test
  void events_arrive_while_commands_are_answered() throws ViciException {
    try (var events = client();
        var client = client()) {
      events.listen("log");
      client.change("load-conn", connection("nobody", "192.0.2.1"));
      client.listen("control-log");
      assertThatThrownBy(() ->
              client.change(
                  "initiate",
                  ViciMessage.of(m ->
                      m.put("child", "child")
                          .put("ike", "nobody")
                          .put("timeout", 300)
                          .put("loglevel", 1))))
          .isInstanceOfSatisfying(
              ViciException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
      assertThat(client.next(Duration.ofSeconds(5)).orElseThrow().name()).isEqualTo("control-log");
      var log = events.next(Duration.ofSeconds(5)).orElseThrow();
      assertThat(log.name()).isEqualTo("log");
      assertThat(log.message().find("msg")).isPresent();
      client.change("terminate", ViciMessage.of(m -> m.put("ike", "nobody").put("force", true)));
      client.change("unload-conn", ViciMessage.of(m -> m.put("name", "nobody")));
    }
  }

  /// Charon itself must survive what our fuzzing sends it, and answer the next caller.
  @Test
  void rubbish_on_one_connection_leaves_the_others_alone() throws Exception {
    var path = java.net.UnixDomainSocketAddress.of(started.orElseThrow().socket());
    for (String rubbish : List.of("\0\0\0\1\11", "\0\0\0\3\0\377a", "\177\377\377\377")) {
      try (var channel = java.nio.channels.SocketChannel.open(path)) {
        channel.write(java.nio.ByteBuffer.wrap(rubbish.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    try (var client = client()) {
      assertThat(client.ask("version", ViciMessage.EMPTY).find("version")).isPresent();
    }
  }
}
