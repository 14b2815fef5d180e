package dev.reeve.cli.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// What goes on in a [ProbeMain] for longer than one request: a flood, who takes it, and a
/// connection that is held. One flood and one connection for each probe.
final class ProbeTraffic {

  /// Room for what arrives while this process does not run; the kernel gives what it may.
  private static final int BUFFER = 4 << 20;

  private static final long BEAT_NANOS = 100_000_000;
  private static final long BEHIND_NANOS = 100_000_000;

  /// Packets due within that time go out together: to sleep between two takes longer than both.
  private static final long EARLY_NANOS = 4_000_000;

  private static volatile boolean flooding;

  /// Packets that the kernel was given, and how many of them it took.
  private static volatile long tried;

  private static volatile long taken;

  private static final Map<Integer, Map<String, Caught>> CATCHES = new ConcurrentHashMap<>();

  private static volatile long said;
  private static volatile String broken = "nothing is held";

  private ProbeTraffic() {}

  /// Each packet carries its number, from 1. What the own kernel refuses is lost, as any other.
  static String flood(String host, int port, int perSecond) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    var socket = new DatagramSocket();
    flooding = true;
    tried = 0;
    taken = 0;
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          long sent = 0;
          long due = System.nanoTime();
          for (long number = 1; flooding; number++) {
            tried = number;
            byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            try {
              socket.send(new DatagramPacket(payload, payload.length, address, port));
              taken = ++sent;
            } catch (IOException _) {
              // No route while the link is down, or a rule that drops it.
            }
            due += 1_000_000_000L / perSecond;
            long now = System.nanoTime();
            due = Math.max(due, now - BEHIND_NANOS); // after a standstill: no burst
            if (due - now > EARLY_NANOS) LockSupport.parkNanos(due - now);
          }
          socket.close();
        });
    return "done";
  }

  static String flooded() {
    return "sent " + taken + " of " + tried;
  }

  static String calm() {
    flooding = false;
    return flooded();
  }

  /// The numbers that came from one address.
  private static final class Caught {
    private final BitSet numbers = new BitSet();

    synchronized void take(long number) {
      if (number > 0 && number < Integer.MAX_VALUE) numbers.set((int) number);
    }

    synchronized String count(long from, long to) {
      long got = numbers.get((int) from, (int) to + 1).cardinality();
      return "got " + got + " last " + Math.max(0, numbers.length() - 1);
    }
  }

  static String catchOn(int port) throws IOException {
    var socket = new DatagramSocket(port);
    socket.setReceiveBufferSize(BUFFER);
    var from = new ConcurrentHashMap<String, Caught>();
    CATCHES.put(port, from);
    Thread.ofPlatform().daemon().start(() -> take(socket, from));
    return "done";
  }

  private static void take(DatagramSocket socket, Map<String, Caught> from) {
    var packet = new DatagramPacket(new byte[64], 64);
    while (true) {
      try {
        packet.setLength(64);
        socket.receive(packet);
        if (packet.getLength() < Long.BYTES) continue; // none of a flood
        long number = ByteBuffer.wrap(packet.getData()).getLong();
        String sender = packet.getAddress().getHostAddress();
        from.computeIfAbsent(sender, _ -> new Caught()).take(number);
      } catch (IOException _) {
        // An error that a packet of ours has met; there are none.
      }
    }
  }

  /// The numbers of a new flood begin anew.
  static String forget(int port, String sender) {
    Map<String, Caught> senders = CATCHES.get(port);
    if (senders == null) return "failed: nothing is caught on port " + port;
    senders.remove(sender);
    return "done";
  }

  /// @param from, to both included
  static String caught(int port, String sender, long from, long to) {
    Map<String, Caught> senders = CATCHES.get(port);
    if (senders == null) return "failed: nothing is caught on port " + port;
    return senders.getOrDefault(sender, new Caught()).count(from, to);
  }

  static String echo(String address, int port) throws IOException {
    var listener = new ServerSocket(port, 16, InetAddress.getByName(address));
    Thread.ofVirtual()
        .start(() -> {
          while (true) {
            try {
              Socket client = listener.accept();
              Thread.ofVirtual().start(() -> repeat(client));
            } catch (IOException _) {
              // That client is gone; the next one comes.
            }
          }
        });
    return "done";
  }

  private static void repeat(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException _) {
      // The other end sees it as well.
    }
  }

  /// One TCP connection to an echo: what is sent has to come back, all of it.
  static String exchange(String host, int port, int millis, int bytes) {
    byte[] sent = new byte[bytes];
    new Random(bytes).nextBytes(sent);
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), millis);
      socket.setSoTimeout(millis);
      Thread.ofVirtual().start(() -> send(socket, sent));
      byte[] came = socket.getInputStream().readNBytes(bytes);
      return Arrays.equals(came, sent)
          ? "open echo"
          : "failed " + came.length + " bytes came back of " + bytes;
    } catch (SocketTimeoutException e) {
      return "timeout";
    } catch (ConnectException e) {
      return "refused";
    } catch (IOException e) {
      return "failed " + e.getMessage();
    }
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException _) {
      // Who reads sees it as well.
    }
  }

  /// Each line says its number; each has to come back, in order.
  static String hold(String host, int port) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(host, port), 60_000);
    said = 0;
    broken = "";
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (socket) {
            var back =
                new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (long number = 1; ; number++) {
              socket.getOutputStream().write((number + "\n").getBytes(StandardCharsets.UTF_8));
              String line = back.readLine();
              if (!Long.toString(number).equals(line)) {
                throw new IOException("line " + number + " came back as " + line);
              }
              said = number;
              LockSupport.parkNanos(BEAT_NANOS);
            }
          } catch (IOException e) {
            broken = e.toString();
          }
        });
    return "done";
  }

  static String held() {
    return broken.isEmpty() ? "said " + said : "failed " + broken;
  }
}
