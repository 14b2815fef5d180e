package dev.reeve.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.server.endpoint.Client.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that were damaged on purpose: each gets an answer that gives nothing away or a closed
/// connection, and the next host is served.
class HostileRequestsTest {

  private static final String GOOD =
      """
      PUT /agent/v1/facts HTTP/1.1\r
      Host: reeve\r
      Reeve-Floor: 00000000000000000000000000000000/7\r
      Prefer: wait=1\r
      If-None-Match: "v1"\r
      Content-Length: 15\r
      \r
      {"os":"debian"}\
      """;

  @TempDir static Path directory;
  private static EndpointWorld world;

  @BeforeAll
  static void open() throws Exception {
    var patience = new AgentConnection.Patience(Duration.ofSeconds(2), Duration.ofSeconds(2));
    world = new EndpointWorld(directory.resolve("ca"), patience);
  }

  @AfterAll
  static void close() {
    world.close();
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothing_is_given_away_and_the_next_is_served(long seed) throws IOException {
    var random = new Random(seed);
    try (Client client = world.connect()) {
      client.send(damaged(random));
      Response response = client.read();
      assertThat(response.status()).isIn(200, 204, 304, 400, 401, 404, 413, 417);
      assertThat(response.text()).doesNotContain("dev.reeve", "java.", "io.netty");
    } catch (IOException _) {
      // closed: just as good
    }
    try (Client client = world.connect()) {
      assertThat(client.get("/agent/v1/policy", Map.of()).status()).isEqualTo(200);
    }
  }

  private static byte[] damaged(Random random) {
    byte[] bytes = GOOD.getBytes(StandardCharsets.ISO_8859_1);
    if (random.nextInt(6) == 0) {
      random.nextBytes(bytes);
      return bytes;
    }
    for (int i = 0; i <= random.nextInt(6); i++)
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    return bytes;
  }
}
