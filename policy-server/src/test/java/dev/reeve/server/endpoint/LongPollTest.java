package dev.reeve.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reeve.server.endpoint.Client.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Polls that wait, and clients that take their time.
class LongPollTest {

  private static final Map<String, String> WAITING =
      Map.of("If-None-Match", "\"v1\"", "Prefer", "wait=300");

  @TempDir Path directory;
  private EndpointWorld world;

  @BeforeEach
  void open() throws Exception {
    var patience = new AgentConnection.Patience(Duration.ofSeconds(60), Duration.ofMillis(300));
    world = new EndpointWorld(directory.resolve("ca"), patience);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void awaitParked(int polls) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(world.endpoint::parkedPolls, parked -> parked == polls);
  }

  private static void poll(Client client) throws IOException {
    client.send("GET", "/agent/v1/policy", WAITING, new byte[0]);
  }

  private void change() {
    world.service.change();
    world.endpoint.changed();
  }

  @Test
  void a_change_answers_a_waiting_poll() throws IOException {
    try (Client client = world.connect()) {
      poll(client);
      awaitParked(1);

      change();

      Response response = client.read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers()).containsEntry("etag", "\"v2\"");
      assertThat(world.endpoint.parkedPolls()).isZero();
    }
  }

  @Test
  void a_wake_up_without_a_change_leaves_it_waiting() throws IOException {
    try (Client client = world.connect()) {
      poll(client);
      awaitParked(1);
      int before = world.service.polls.get();
      world.endpoint.changed();
      await().atMost(Duration.ofSeconds(60)).until(() -> world.service.polls.get() > before);
      assertThat(world.endpoint.parkedPolls()).isEqualTo(1);
      change();
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void when_the_time_is_over_nothing_is_new() throws IOException {
    try (Client client = world.connect()) {
      Response response =
          client.get("/agent/v1/policy", Map.of("If-None-Match", "\"v1\"", "Prefer", "wait=1"));
      assertThat(response.status()).isEqualTo(304);
      assertThat(world.endpoint.parkedPolls()).isZero();
    }
  }

  /// Between looking and parking.
  @Test
  void a_change_in_the_gap_is_not_missed() throws IOException {
    world.service.whilePolling =
        () -> {
          world.service.whilePolling = () -> {};
          world.service.change(); // and nobody calls changed() after this
        };
    try (Client client = world.connect()) {
      poll(client);
      Response response = client.read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers()).containsEntry("etag", "\"v2\"");
    }
  }

  @Test
  void a_host_that_goes_away_is_forgotten() throws IOException {
    try (Client client = world.connect()) {
      poll(client);
      awaitParked(1);
    }
    awaitParked(0);
  }

  @Test
  void a_second_request_while_one_waits_ends_the_connection() throws IOException {
    try (Client client = world.connect()) {
      poll(client);
      awaitParked(1);
      poll(client);
      assertThat(client.isClosedByServer()).isTrue();
    }
    awaitParked(0);
  }

  @Test
  void a_waiting_poll_is_not_idle() throws IOException {
    try (Client client = world.connect()) {
      Response first =
          client.get("/agent/v1/policy", Map.of("If-None-Match", "\"v1\"", "Prefer", "wait=2"));
      assertThat(first.status()).as("longer than the patience between requests").isEqualTo(304);
    }
  }

  @Test
  void an_idle_connection_is_closed() throws IOException {
    try (Client client = world.connect()) {
      assertThat(client.get("/agent/v1/policy", Map.of()).status()).isEqualTo(200);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_request_in_drops_is_closed() throws Exception {
    try (var impatient =
            new EndpointWorld(
                directory.resolve("impatient"),
                new AgentConnection.Patience(Duration.ofSeconds(3), Duration.ofSeconds(3)));
        Client client = impatient.connect()) {
      client.send("GET /agent/v1/policy HTTP/1.1\r\nHos");
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(impatient.service.asked).isEmpty();
    }
  }

  @Test
  void a_thousand_wait_without_a_thread_each() throws IOException {
    int count = 1000;
    int threads = Thread.activeCount();
    var tls =
        world.tls(EndpointWorld.host(world.authority(), EndpointWorld.HOST, EndpointWorld.NOON));
    var clients = new ArrayList<Client>();
    try {
      for (int i = 0; i < count; i++) {
        Client client =
            Client.connect(world.endpoint.address(), tls, dev.reeve.trust.TlsContexts.parameters());
        clients.add(client);
        poll(client);
      }
      awaitParked(count);
      assertThat(Thread.activeCount() - threads).isLessThan(50);
      int before = world.service.polls.get();

      change();

      for (Client client : clients) assertThat(client.read().status()).isEqualTo(200);
      assertThat(world.service.polls.get() - before).as("each computed once").isEqualTo(count);
    } finally {
      for (Client client : clients) client.close();
    }
  }
}
