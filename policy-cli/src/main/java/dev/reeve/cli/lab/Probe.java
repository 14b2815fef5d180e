package dev.reeve.cli.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// A [ProbeMain] in a namespace, and what can be asked of it.
public final class Probe implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration HOLDING = Duration.ofSeconds(60);

  private final String where;
  private final Process process;
  private final OutputStream in;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<String, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

  private Probe(String where, Process process) {
    this.where = where;
    this.process = process;
    this.in = process.getOutputStream();
  }

  static Probe start(Namespace namespace, Path log) throws LabException {
    List<String> command = JavaCommand.small(ProbeMain.class);
    return start(namespace.name(), namespace.inside(command), log);
  }

  /// As the user `nobody`, member of no group.
  ///
  /// @param classes a copy of our classes that this user can read
  static Probe startAsNobody(Path classes, Path log) throws LabException {
    var command =
        new ArrayList<>(
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    command.addAll(JavaCommand.small(ProbeMain.class, classes));
    return start("the probe of user nobody", command, log);
  }

  private static Probe start(String name, List<String> command, Path log) throws LabException {
    try {
      var builder = new ProcessBuilder(command);
      builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      var probe = new Probe(name, builder.start());
      // A platform thread: reading a pipe holds on to the thread it runs on.
      Thread.ofPlatform().daemon().start(probe::listen);
      return probe;
    } catch (IOException e) {
      throw new LabException("cannot start " + name, e);
    }
  }

  /// A TCP connection from here.
  ///
  /// @param from the port to call from; 0 for any
  public Reach connect(String address, int port, Duration limit, int from) throws LabException {
    return Reach.parse(
        ask("connect " + address + " " + port + " " + limit.toMillis() + " " + from, limit));
  }

  public Reach connect(String address, int port, Duration limit) throws LabException {
    return connect(address, port, limit, 0);
  }

  /// One UDP packet from here, and what comes back.
  ///
  /// @param from likewise
  /// @param bytes of the packet, and of the answer unless it is one byte
  /// @param whole it must not be taken apart on its way
  Reach datagram(String address, int port, Duration limit, int from, int bytes, boolean whole)
      throws LabException {
    String to = address + " " + port + " " + limit.toMillis() + " " + from;
    return Reach.parse(ask("datagram " + to + " " + bytes + " " + whole, limit));
  }

  /// So many bytes to a TCP port that echoes; [Reach.Open] when they all came back.
  Reach exchange(String address, int port, Duration limit, int bytes) throws LabException {
    String to = address + " " + port + " " + limit.toMillis();
    return Reach.parse(ask("exchange " + to + " " + bytes, limit));
  }

  /// Answers UDP packets with a name.
  void answer(int port, String name) throws LabException {
    expectDone(ask("answer " + port + " " + name, Duration.ZERO), "answer on UDP port " + port);
  }

  /// How many packets came to a port where it answers, since it was last asked.
  long heard(int port) throws LabException {
    return Long.parseLong(words("heard " + port, "got")[1]);
  }

  /// Listens on all addresses and greets with a name.
  public void listen(int port, String name) throws LabException {
    expectDone(ask("listen :: " + port + " " + name, Duration.ZERO), "listen on port " + port);
  }

  /// One UDP packet from here.
  void send(String address, int port) throws LabException {
    expectDone(ask("send " + address + " " + port, Duration.ZERO), "send to port " + port);
  }

  /// So many UDP packets a second, until [#calm].
  void flood(String address, int port, int perSecond) throws LabException {
    String request = "flood " + address + " " + port + " " + perSecond;
    expectDone(ask(request, Duration.ZERO), "flood port " + port);
  }

  /// @param taken packets of a flood that the sender's kernel took
  /// @param tried those that it was given; the number of the last one
  public record Flooded(long taken, long tried) {}

  Flooded flooded() throws LabException {
    return flooded("flooded");
  }

  /// Ends the flood.
  Flooded calm() throws LabException {
    return flooded("calm");
  }

  private Flooded flooded(String request) throws LabException {
    String[] words = words(request, "sent");
    return new Flooded(Long.parseLong(words[1]), Long.parseLong(words[3]));
  }

  /// Takes the packets of floods to a port.
  void catchOn(int port) throws LabException {
    expectDone(ask("catch " + port, Duration.ZERO), "take packets to port " + port);
  }

  /// Before a new flood from there, whose numbers begin anew.
  void forget(int port, String sender) throws LabException {
    expectDone(ask("forget " + port + " " + sender, Duration.ZERO), "forget port " + port);
  }

  /// @param count how many of the numbers asked about came
  /// @param last the highest number that ever came
  public record Caught(long count, long last) {}

  /// @param from, to numbers of packets, both included
  Caught caught(int port, String sender, long from, long to) throws LabException {
    String[] words = words("caught " + port + " " + sender + " " + from + " " + to, "got");
    return new Caught(Long.parseLong(words[1]), Long.parseLong(words[3]));
  }

  /// Says each line again, on all addresses.
  void echo(int port) throws LabException {
    expectDone(ask("echo :: " + port, Duration.ZERO), "echo on port " + port);
  }

  /// A TCP connection that carries a line every 100 ms from now on.
  void hold(String address, int port) throws LabException {
    expectDone(ask("hold " + address + " " + port, HOLDING), "hold a connection to port " + port);
  }

  /// @return how many lines came back on the connection that is held
  /// @throws LabException also when it broke
  long held() throws LabException {
    return Long.parseLong(words("held", "said")[1]);
  }

  private String[] words(String request, String first) throws LabException {
    String[] words = ask(request, Duration.ZERO).split(" ");
    if (!words[0].equals(first)) {
      throw new LabException(where + ": " + request + ": " + String.join(" ", words));
    }
    return words;
  }

  /// Whether the probe's user can read a file.
  public boolean reads(Path file) throws LabException {
    return ask("read " + file, Duration.ZERO).equals("readable");
  }

  /// What a UNIX-domain socket answers to a line; empty when it does not let the probe's user in.
  public Optional<String> ask(Path socket, String line) throws LabException {
    String answer = ask("ask " + socket + " " + line, Duration.ZERO);
    return answer.startsWith("said ") ? Optional.of(answer.substring(5)) : Optional.empty();
  }

  void relay(Path from, String host, int port) throws LabException {
    expectDone(
        ask("relay " + from + " " + host + " " + port, Duration.ZERO), "relay to port " + port);
  }

  private void expectDone(String answer, String what) throws LabException {
    if (!answer.equals("done")) throw new LabException(where + " cannot " + what + ": " + answer);
  }

  private String ask(String request, Duration extra) throws LabException {
    String id = Integer.toString(number.incrementAndGet());
    var answer = new CompletableFuture<String>();
    waiting.put(id, answer);
    try {
      synchronized (in) {
        in.write((id + " " + request + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
      }
      // Twice: connecting and reading may each take the whole time.
      return answer.get(START.plus(extra.multipliedBy(2)).toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new LabException("the probe in " + where + " does not answer '" + request + "'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    } finally {
      waiting.remove(id);
    }
  }

  private void listen() {
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        int space = line.indexOf(' ');
        CompletableFuture<String> asked = waiting.get(line.substring(0, Math.max(0, space)));
        if (asked != null) asked.complete(line.substring(space + 1));
      }
    } catch (IOException _) {
      // The process is gone; those who wait are told below.
    }
    waiting.values().forEach(a -> a.completeExceptionally(new IOException("it has ended")));
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      var unused = process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
