package dev.reeve.agent.diag;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Asks a peer whether it speaks IKE: one IKE_SA_INIT request (RFC 7296 section 1.2), sent three
/// times at most. Whatever it answers to it is an answer, also a no.
///
/// From port 500 where that can be had, because policies exempt no other; a charon that has it too
/// loses what this one peer sends meanwhile, and the peer sends it again.
final class IkeProbe {

  private static final int IKE_PORT = 500;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TRIES = 3;

  private static final int SA = 33;
  private static final int KE = 34;
  private static final int NONCE = 40;
  private static final int NOTIFY = 41;

  private final RandomGenerator random;

  IkeProbe(RandomGenerator random) {
    this.random = random;
  }

  /// @return what it answered, in words; empty when it said nothing
  /// @throws IOException when it cannot be asked
  Optional<String> ask(InetAddress peer, int port) throws IOException {
    byte[] request = request();
    try (DatagramChannel channel = open();
        Selector selector = Selector.open()) {
      channel.connect(new InetSocketAddress(peer, port));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      for (int i = 0; i < TRIES; i++) {
        channel.write(ByteBuffer.wrap(request));
        long until = System.nanoTime() + PAUSE.toNanos();
        for (long left = PAUSE.toMillis(); left > 0; ) {
          selector.select(left);
          selector.selectedKeys().clear();
          Optional<String> answer = answer(channel, request);
          if (answer.isPresent()) return answer;
          left = (until - System.nanoTime()) / 1_000_000;
        }
      }
      return Optional.empty();
    } catch (PortUnreachableException e) {
      throw new IOException("nothing listens on its UDP port " + port, e);
    }
  }

  private static DatagramChannel open() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(IKE_PORT));
      return channel;
    } catch (IOException e) {
      channel.close(); // not root, or somebody who shares it with nobody
      return DatagramChannel.open();
    }
  }

  private static Optional<String> answer(DatagramChannel channel, byte[] request)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (channel.read(buffer.clear()) > 0) {
      buffer.flip();
      Optional<String> words = words(buffer, request);
      if (words.isPresent()) return words;
    }
    return Optional.empty();
  }

  /// Empty when it is no answer to this request.
  static Optional<String> words(ByteBuffer answer, byte[] request) {
    if (answer.remaining() < 28 || answer.getLong(0) != ByteBuffer.wrap(request).getLong(0)) {
      return Optional.empty();
    }
    int first = answer.get(16);
    if (first == SA) return Optional.of("it answers and would negotiate");
    if (first != NOTIFY || answer.remaining() < 36) return Optional.of("it answers IKE");
    int notify = Short.toUnsignedInt(answer.getShort(34));
    return Optional.of(
        switch (notify) {
          case 14 -> "it answers IKE (and takes another proposal than the one tried)";
          case 17 -> "it answers IKE (and wants another DH group than the one tried)";
          case 16390 -> "it answers IKE (with a cookie: it is busy)";
          default -> "it answers IKE (notify " + notify + ")";
        });
  }

  /// AES-256, SHA-256, group 14: what nearly everybody knows. The key is a number like any other;
  /// nothing comes of this exchange.
  byte[] request() {
    ByteBuffer sa =
        ByteBuffer.allocate(44)
            .put(new byte[] {0, 0, 0, 44, 1, 1, 0, 4})
            .put(new byte[] {3, 0, 0, 12, 1, 0, 0, 12})
            .putInt(0x800e_0100) // key length 256
            .put(new byte[] {3, 0, 0, 8, 2, 0, 0, 5})
            .put(new byte[] {3, 0, 0, 8, 3, 0, 0, 12})
            .put(new byte[] {0, 0, 0, 8, 4, 0, 0, 14});
    byte[] key = new byte[256];
    byte[] nonce = new byte[32];
    random.nextBytes(key);
    random.nextBytes(nonce);
    key[0] &= 0x7f; // below the prime
    int length = 28 + 4 + sa.capacity() + 8 + key.length + 4 + nonce.length;
    return ByteBuffer.allocate(length)
        .putLong(random.nextLong() | 1)
        .putLong(0)
        .put((byte) SA)
        .put((byte) 0x20)
        .put((byte) 34) // IKE_SA_INIT
        .put((byte) 0x08) // from the initiator
        .putInt(0)
        .putInt(length)
        .put((byte) KE)
        .put((byte) 0)
        .putShort((short) (4 + sa.capacity()))
        .put(sa.array())
        .put((byte) NONCE)
        .put((byte) 0)
        .putShort((short) (8 + key.length))
        .putShort((short) 14)
        .putShort((short) 0)
        .put(key)
        .putShort((short) 0)
        .putShort((short) (4 + nonce.length))
        .put(nonce)
        .array();
  }
}
