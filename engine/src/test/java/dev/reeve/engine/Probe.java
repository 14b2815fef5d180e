package dev.reeve.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/// Runs inside a namespace of [Lab] and does as its standard input says: one command, one answer.
final class Probe {

  /// ms: an answer on a veth takes less than one, but on a busy machine. TCP asks again after 1, 3
  /// and 7 s.
  private static final int PATIENCE = 15_000;

  private final Map<Integer, AtomicLong> received = new ConcurrentHashMap<>();
  private final AtomicBoolean flooding = new AtomicBoolean();
  private final AtomicLong flooded = new AtomicLong();

  private Probe() {}

  public static void main(String[] unused) throws IOException {
    var probe = new Probe();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(probe.answer(line.split(" ")));
    }
  }

  /// @param words a command; after `within` and a number it waits so many milliseconds only
  private String answer(String[] words) {
    return words[0].equals("within")
        ? answer(Arrays.copyOfRange(words, 2, words.length), Integer.parseInt(words[1]))
        : answer(words, PATIENCE);
  }

  private String answer(String[] words, int patience) {
    try {
      return switch (words[0]) {
        case "listen" -> listen(port(words[1]));
        case "serve" -> serve(port(words[1]));
        case "connect" -> connect(words[1], words[2], port(words[3]), patience);
        case "echo" -> echo(port(words[1]));
        case "talk" -> talk(words[1], words[2], port(words[3]), Integer.parseInt(words[4]));
        case "ask" -> ask(words[1], port(words[2]), words[3], port(words[4]), patience);
        case "big" -> big(words, false, patience);
        case "fit" -> big(words, true, patience);
        case "pour" -> pour(port(words[1]), Integer.parseInt(words[2]));
        case "drink" -> drink(words[1], words[2], port(words[3]));
        case "send" -> send(words[1], port(words[2]), Integer.parseInt(words[3]));
        case "count" -> Long.toString(count(port(words[1])).get());
        case "flood" -> flood(words[1], port(words[2]));
        case "stop" -> stop();
        default -> "what? " + words[0];
      };
    } catch (IOException e) {
      return "no: " + e.getMessage();
    }
  }

  private static int port(String text) {
    return Integer.parseInt(text);
  }

  private AtomicLong count(int port) {
    return received.computeIfAbsent(port, _ -> new AtomicLong());
  }

  /// TCP: accepts and greets.
  private static String listen(int port) throws IOException {
    var server = new ServerSocket(port);
    Thread.ofVirtual()
        .start(() -> {
          while (true) {
            try (Socket peer = server.accept()) {
              peer.getOutputStream().write('!');
            } catch (IOException e) {
              // the peer went away; the next one may stay
            }
          }
        });
    return "ok";
  }

  /// TCP: sends back what comes.
  private static String echo(int port) throws IOException {
    var server = new ServerSocket(port);
    Thread.ofVirtual()
        .start(() -> {
          while (true) {
            try {
              Socket peer = server.accept();
              Thread.ofVirtual().start(() -> echo(peer));
            } catch (IOException e) {
              // the peer went away; the next one may stay
            }
          }
        });
    return "ok";
  }

  private static void echo(Socket peer) {
    try (peer) {
      long unused = peer.getInputStream().transferTo(peer.getOutputStream());
    } catch (IOException e) {
      // the peer went away
    }
  }

  /// One TCP connection, and so many bytes there and back, one after another.
  private static String talk(String from, String to, int port, int bytes) throws IOException {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      socket.setSoTimeout(PATIENCE);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(to), port), PATIENCE);
      for (int i = 0; i < bytes; i++) {
        socket.getOutputStream().write(i);
        if (socket.getInputStream().read() != (i & 0xff)) return "no: closed";
        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000); // goes on for a while
      }
      return "ok";
    }
  }

  /// UDP: counts, and sends back what comes.
  private String serve(int port) throws IOException {
    var socket = new DatagramSocket(port);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          var packet = new DatagramPacket(new byte[9000], 9000);
          while (true) {
            try {
              packet.setLength(9000);
              socket.receive(packet);
              count(port).incrementAndGet();
              socket.send(packet);
            } catch (IOException e) {
              // an answer that the gate drops ends here
            }
          }
        });
    return "ok";
  }

  private static String connect(String from, String to, int port, int patience) throws IOException {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(to), port), patience);
      socket.setSoTimeout(patience);
      return socket.getInputStream().read() == '!' ? "ok" : "no: closed";
    }
  }

  private static String ask(String from, int fromPort, String to, int port, int patience)
      throws IOException {
    try (var socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(from), fromPort))) {
      socket.setSoTimeout(patience);
      socket.send(packet(to, port, 8));
      socket.receive(new DatagramPacket(new byte[9], 9));
      return "ok";
    }
  }

  /// One datagram, answered whole.
  ///
  /// @param whole it must not be taken apart on its way
  private static String big(String[] words, boolean whole, int patience) throws IOException {
    String from = words[1];
    String to = words[2];
    int length = Integer.parseInt(words[4]);
    try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(from), 0))) {
      socket.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, whole);
      socket.setSoTimeout(patience);
      socket.send(packet(to, port(words[3]), length));
      var answer = new DatagramPacket(new byte[length + 1], length + 1);
      socket.receive(answer);
      return answer.getLength() == length ? "ok" : "no: " + answer.getLength() + " bytes";
    }
  }

  /// TCP: accepts and sends so many bytes.
  private static String pour(int port, int bytes) throws IOException {
    var server = new ServerSocket(port);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (true) {
            try (Socket peer = server.accept()) {
              peer.getOutputStream().write(new byte[bytes]);
            } catch (IOException e) {
              // the peer went away; the next one may stay
            }
          }
        });
    return "ok";
  }

  /// How many bytes come before the end.
  private static String drink(String from, String to, int port) throws IOException {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(to), port), PATIENCE);
      socket.setSoTimeout(PATIENCE);
      return Long.toString(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static String send(String to, int port, int length) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.send(packet(to, port, length));
      return "ok";
    }
  }

  private static DatagramPacket packet(String to, int port, int length) {
    return new DatagramPacket(new byte[length], length, InetAddress.ofLiteral(to), port);
  }

  private String flood(String to, int port) {
    flooding.set(true);
    flooded.set(0);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (var socket = new DatagramSocket()) {
            while (flooding.get()) {
              try {
                socket.send(packet(to, port, 8));
                flooded.incrementAndGet();
              } catch (IOException e) {
                // refused by the gate, or the queue is full while keys are agreed on
              }
              Thread.onSpinWait();
              java.util.concurrent.locks.LockSupport.parkNanos(200_000);
            }
          } catch (java.net.SocketException e) {
            flooded.set(-1);
          }
        });
    return "ok";
  }

  private String stop() {
    flooding.set(false);
    return Long.toString(flooded.get());
  }
}
