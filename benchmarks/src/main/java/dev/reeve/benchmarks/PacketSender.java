package dev.reeve.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/// Sends datagrams, each the first of a new flow. For each line `COUNT SEED` on standard input it
/// answers with the CPU time of one datagram in nanoseconds, sending it through the kernel
/// included.
public final class PacketSender {

  private PacketSender() {}

  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var channel = DatagramChannel.open()) {
      for (var line = Optional.ofNullable(in.readLine());
          line.isPresent();
          line = Optional.ofNullable(in.readLine())) {
        String[] words = line.get().split(" ");
        System.out.println(send(channel, Integer.parseInt(words[0]), Long.parseLong(words[1])));
      }
    }
  }

  private static long send(DatagramChannel channel, int count, long seed) throws IOException {
    var random = new Random(seed);
    var targets = new InetSocketAddress[count];
    for (int i = 0; i < count; i++) {
      byte[] address = {(byte) 198, 18, (byte) random.nextInt(256), (byte) random.nextInt(256)};
      targets[i] =
          new InetSocketAddress(InetAddress.getByAddress(address), 1 + random.nextInt(65_000));
    }
    ByteBuffer payload = ByteBuffer.allocateDirect(64);
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (InetSocketAddress target : targets) {
      payload.rewind();
      int unused = channel.send(payload, target);
    }
    return (threads.getCurrentThreadCpuTime() - start) / count;
  }
}
