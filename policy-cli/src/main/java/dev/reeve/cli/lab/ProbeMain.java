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
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/// Runs inside a network namespace; connects, listens and relays there when asked. One request per
/// line on standard input, one answer per line on standard output, each with the request's number
/// in front; ends with its input. Uses nothing but the JDK.
///
///     1 connect 10.77.10.11 80 2000 0   1 open web-01 | 1 refused | 1 timeout | 1 failed WHY
///                                                     last: the port to call from, 0 for any
///     2 answer 53 web-01                2 done        greets each UDP packet likewise, in as many bytes as it has
///     3 heard 53                        3 got 17      how many packets came to it since it was last asked
///     3 datagram 10.77.10.11 53 2000 0 4000 true   3 as connect, with one UDP packet of 4000 bytes
///                                                     last: whether it must not be taken apart on its way
///     3 exchange 10.77.10.11 7 2000 200000   3 as connect; open once so many bytes came back from an echo
///     2 listen :: 80 web-01             2 done        greets each client with its name
///     3 relay /tmp/x/ldap 127.0.0.1 389 3 done        from a UNIX-domain socket to a TCP port
///     3 send 10.77.10.11 20001          3 done        one UDP packet
///     3 flood 10.77.10.11 9000 1000     3 done        so many UDP packets a second, numbered, from now on
///     3 flooded                         3 sent 4711 of 4712   what the kernel took, and what it was given
///     3 calm                            3 sent 4711 of 4712   no more of them
///     3 catch 9000                      3 done        takes a flood's packets
///     3 forget 9000 10.77.10.11         3 done        what came from there so far
///     3 caught 9000 10.77.10.11 1 5000  3 got 4990 last 7003   how many of these numbers came, and the highest of all
///     3 echo :: 5000                    3 done        a TCP listener that says each line again
///     3 hold 10.77.10.11 5000           3 done        one connection to such a listener, a line every 100 ms
///     3 held                            3 said 17     lines that came back, in order; or failed WHY
///     4 read /tmp/x/key                 4 readable    or failed WHY
///     5 ask /tmp/x/sock {"do":"x"}      5 said {…}    a line to a UNIX-domain socket, a line back
public final class ProbeMain {

  /// Bytes of the largest UDP packet.
  private static final int MOST = 65_507;

  private ProbeMain() {}

  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      Thread.ofVirtual().start(() -> say(words[0] + " " + answer(words)));
    }
    System.exit(0);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static String answer(String[] words) {
    try {
      return switch (words[1]) {
        case "connect" -> connect(words[2], number(words[3]), number(words[4]), number(words[5]));
        case "answer" -> answer(number(words[2]), words[3]);
        case "heard" -> "got " + heard(number(words[2])).getAndSet(0);
        case "datagram" ->
            datagram(
                new InetSocketAddress(InetAddress.getByName(words[2]), number(words[3])),
                number(words[4]),
                number(words[5]),
                number(words[6]),
                Boolean.parseBoolean(words[7]));
        case "exchange" ->
            ProbeTraffic.exchange(words[2], number(words[3]), number(words[4]), number(words[5]));
        case "listen" -> listen(words[2], Integer.parseInt(words[3]), words[4]);
        case "send" -> send(words[2], Integer.parseInt(words[3]));
        case "flood" ->
            ProbeTraffic.flood(words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]));
        case "flooded" -> ProbeTraffic.flooded();
        case "calm" -> ProbeTraffic.calm();
        case "catch" -> ProbeTraffic.catchOn(Integer.parseInt(words[2]));
        case "forget" -> ProbeTraffic.forget(Integer.parseInt(words[2]), words[3]);
        case "caught" ->
            ProbeTraffic.caught(
                Integer.parseInt(words[2]),
                words[3],
                Long.parseLong(words[4]),
                Long.parseLong(words[5]));
        case "echo" -> ProbeTraffic.echo(words[2], Integer.parseInt(words[3]));
        case "hold" -> ProbeTraffic.hold(words[2], Integer.parseInt(words[3]));
        case "held" -> ProbeTraffic.held();
        case "relay" -> relay(words[2], words[3], Integer.parseInt(words[4]));
        case "read" -> read(Path.of(words[2]));
        case "ask" -> ask(Path.of(words[2]), words[3]);
        default -> "failed unknown request " + words[1];
      };
    } catch (IOException | RuntimeException e) {
      return "failed " + e;
    }
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }

  private static final Map<Integer, AtomicLong> HEARD = new ConcurrentHashMap<>();

  private static AtomicLong heard(int port) {
    return HEARD.computeIfAbsent(port, _ -> new AtomicLong());
  }

  private static String answer(int port, String name) throws IOException {
    DatagramSocket socket = onUdp(port);
    byte[] greeting = name.getBytes(StandardCharsets.UTF_8);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (true) {
            var packet = new DatagramPacket(new byte[MOST], MOST);
            try {
              socket.receive(packet);
              heard(port).incrementAndGet();
              byte[] answer =
                  Arrays.copyOf(greeting, Math.max(greeting.length, packet.getLength()));
              socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException _) {
              // A rule may drop the answer.
            }
          }
        });
    return "done";
  }

  /// Beside whoever has the port already.
  private static DatagramSocket onUdp(int port) throws IOException {
    var socket = new DatagramSocket(null);
    socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    socket.bind(new InetSocketAddress(port));
    return socket;
  }

  private static String datagram(
      InetSocketAddress to, int millis, int from, int bytes, boolean whole) throws IOException {
    try (DatagramSocket socket = onUdp(from)) {
      socket.setSoTimeout(millis);
      socket.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, whole);
      socket.send(new DatagramPacket(new byte[bytes], bytes, to));
      var answer = new DatagramPacket(new byte[MOST], MOST);
      do socket.receive(answer); // at port 500, what the other's charon wants is no answer
      while (!answer.getSocketAddress().equals(to));
      int came = answer.getLength();
      if (bytes > 1 && came != bytes) return "failed " + came + " bytes came back of " + bytes;
      return "open " + new String(answer.getData(), 0, came, StandardCharsets.UTF_8).trim();
    } catch (SocketTimeoutException e) {
      return "timeout";
    } catch (IOException e) {
      // A rule that drops what leaves is told to the sender.
      return "Operation not permitted".equals(e.getMessage()) ? "timeout" : "failed " + e;
    }
  }

  /// A connection counts as open when the listener's greeting has come through it.
  private static String connect(String host, int port, int millis, int from) {
    try (var socket = new Socket()) {
      if (from > 0) {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true); // one may listen there
        socket.bind(new InetSocketAddress(from));
      }
      socket.connect(new InetSocketAddress(host, port), millis);
      socket.setSoTimeout(millis);
      String greeting =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      return greeting == null ? "refused" : "open " + greeting;
    } catch (SocketTimeoutException e) {
      return "timeout";
    } catch (ConnectException e) {
      return "refused";
    } catch (IOException e) {
      return "failed " + e.getMessage();
    }
  }

  private static String listen(String address, int port, String name) throws IOException {
    var listener = new ServerSocket();
    listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), 64);
    Thread.ofVirtual().start(() -> greet(listener, (name + "\n").getBytes(StandardCharsets.UTF_8)));
    return "done";
  }

  private static void greet(ServerSocket listener, byte[] greeting) {
    while (true) {
      try (Socket client = listener.accept()) {
        client.getOutputStream().write(greeting);
      } catch (IOException _) {
        // That client is gone; the next one comes.
      }
    }
  }

  private static String send(String host, int port) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(host), port));
      return "done";
    }
  }

  private static String read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      int unused = in.read();
      return "readable";
    }
  }

  /// One line to a UNIX-domain socket, one line back.
  private static String ask(Path socket, String line) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      var answer =
          new BufferedReader(
                  new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))
              .readLine();
      return answer == null ? "failed: closed without an answer" : "said " + answer;
    }
  }

  private static String relay(String path, String host, int port) throws IOException {
    // Stays open until this process ends.
    var unused = Relay.open(UnixDomainSocketAddress.of(path), new InetSocketAddress(host, port));
    return "done";
  }
}
