package dev.reeve.agent.diag;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IkeProbeTest {

  private final IkeProbe probe = new IkeProbe(new Random(1));

  /// The lengths of the header and of each payload (RFC 7296 sections 3.1 to 3.4 and 3.9).
  @Test
  void the_request_is_an_ike_sa_init_of_three_payloads() {
    ByteBuffer request = ByteBuffer.wrap(probe.request());
    assertThat(request.getLong(0)).isNotZero();
    assertThat(request.getLong(8)).isZero();
    assertThat(request.get(17)).isEqualTo((byte) 0x20);
    assertThat(request.get(18)).isEqualTo((byte) 34);
    assertThat(request.getInt(24)).isEqualTo(request.capacity());
    int at = 28;
    int payloads = 0;
    for (int type = request.get(16); type != 0; payloads++) {
      type = request.get(at);
      at += request.getShort(at + 2);
    }
    assertThat(at).isEqualTo(request.capacity());
    assertThat(payloads).isEqualTo(3);
  }

  @ParameterizedTest(name = "{0}, notify {1}")
  @CsvSource({
    "33, 0, it answers and would negotiate",
    "41, 14, takes another proposal",
    "41, 17, wants another DH group",
    "41, 16390, with a cookie",
    "41, 7, notify 7",
    "43, 0, it answers IKE"
  })
  void every_answer_is_an_answer(int payload, int notify, String words) {
    byte[] request = probe.request();
    ByteBuffer answer = ByteBuffer.allocate(40).putLong(ByteBuffer.wrap(request).getLong());
    answer.put(16, (byte) payload).putShort(34, (short) notify).rewind();
    assertThat(IkeProbe.words(answer, request).orElseThrow()).contains(words);
  }

  @Test
  void what_answers_somebody_else_is_none() {
    byte[] request = probe.request();
    assertThat(IkeProbe.words(ByteBuffer.allocate(40), request)).isEmpty();
    assertThat(IkeProbe.words(ByteBuffer.wrap(request, 0, 20).slice(), request)).isEmpty();
  }

  @Test
  void a_peer_that_answers_is_heard_and_one_that_does_not_is_not() throws Exception {
    try (var peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> once =
          CompletableFuture.runAsync(() -> {
            try {
              var packet = new DatagramPacket(new byte[2048], 2048);
              peer.receive(packet);
              packet.getData()[16] = 33;
              peer.send(packet);
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      assertThat(probe.ask(InetAddress.getLoopbackAddress(), peer.getLocalPort()).orElseThrow())
          .contains("would negotiate");
      once.join();
      assertThat(probe.ask(InetAddress.getLoopbackAddress(), peer.getLocalPort())).isEmpty();
    }
  }
}
