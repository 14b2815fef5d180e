package dev.reeve.engine.netlink;

import dev.reeve.engine.tool.ToolException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A socket to one part of the kernel, for what its programs have no words for, or are too slow.
///
/// Source: Linux' netlink(7), linux/netlink.h.
@SuppressWarnings("restricted") // calls of the C library
public final class Netlink {

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  /// The XFRM of linux/netlink.h.
  public static final int XFRM = 6;

  /// Its NETFILTER, nftables among others.
  public static final int NETFILTER = 12;

  public static final int REQUEST = 1;
  public static final int ACK = 4;
  public static final int DUMP = 0x300;

  private static final int HEADER = 16;
  private static final int ATTRIBUTE = 4;
  private static final int ERROR = 2;
  private static final int DONE = 3;

  private static final int ROOM = 1 << 16;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SOCKET =
      function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle OPEN =
      function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle SETNS =
      function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
  private static final MethodHandle WRITE =
      function("write", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle READ =
      function("read", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

  private final int part;
  private final Optional<String> namespace;

  /// @param part [#XFRM] or [#NETFILTER]
  /// @param namespace of which network, by the name that `ip netns` knows; empty for our own
  private Netlink(int part, Optional<String> namespace) {
    this.part = part;
    this.namespace = namespace;
  }

  /// In a network by its name.
  public static Netlink in(String namespace, int part) {
    return new Netlink(part, Optional.of(namespace));
  }

  /// In the network of programs that are run behind `prefix`; empty when that is none we can enter.
  ///
  /// @param part [#XFRM] or [#NETFILTER]
  /// @param prefix `ip netns exec NAME`, or empty for our own network
  public static Optional<Netlink> behind(List<String> prefix, int part) {
    if (prefix.isEmpty()) return Optional.of(new Netlink(part, Optional.empty()));
    if (prefix.size() == 4 && prefix.subList(0, 3).equals(List.of("ip", "netns", "exec"))) {
      return Optional.of(new Netlink(part, Optional.of(prefix.get(3))));
    }
    return Optional.empty();
  }

  /// A message with its header; the sequence number is put in when it is sent.
  public record Request(int type, int flags, byte[] body) {}

  /// @param body without the header, in the order of bytes of this machine
  public record Answer(int type, ByteBuffer body) {

    /// The value of an attribute, in the same order of bytes; empty where there is none of that
    /// type.
    ///
    /// @param from where attributes begin
    public Optional<ByteBuffer> attribute(int from, int type) {
      for (int at = from; at + ATTRIBUTE <= body.limit(); ) {
        int length = Short.toUnsignedInt(body.getShort(at));
        if (length < ATTRIBUTE || at + length > body.limit()) return Optional.empty();
        if (Short.toUnsignedInt(body.getShort(at + 2)) == type)
          return Optional.of(body.slice(at + ATTRIBUTE, length - ATTRIBUTE).order(body.order()));
        at += (length + 3) / 4 * 4;
      }
      return Optional.empty();
    }
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments),
        Linker.Option.captureCallState("errno"));
  }

  private interface Talk<T> {
    T over(Socket socket) throws ToolException;
  }

  /// All answers to a request for a dump.
  public List<Answer> dump(Request request) throws ToolException {
    return talk(socket -> socket.dump(request));
  }

  /// The one answer to a request.
  public Answer ask(Request request) throws ToolException {
    return talk(socket -> socket.ask(request));
  }

  /// Each is acknowledged before the next is sent.
  ///
  /// @throws ToolException at the first that is refused; those before it are done
  public void change(List<Request> requests) throws ToolException {
    if (requests.isEmpty()) return;
    boolean done =
        talk(socket -> {
          for (Request request : requests) socket.change(request);
          return true;
        });
    if (!done) throw new IllegalStateException();
  }

  /// In a thread of its own where another namespace is meant: a thread can change its own only.
  private <T> T talk(Talk<T> talk) throws ToolException {
    if (namespace.isEmpty()) return here(talk);
    var result =
        new FutureTask<T>(() -> {
          enter("/run/netns/" + namespace.get());
          return here(talk);
        });
    Thread.ofPlatform().daemon().start(result);
    try {
      return result.get();
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new ToolException(String.valueOf(cause.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException("interrupted while the kernel was asked", e);
    }
  }

  private <T> T here(Talk<T> talk) throws ToolException {
    try (var arena = Arena.ofConfined()) {
      var calls = new Calls(arena);
      int descriptor =
          (int) calls.call("socket", SOCKET, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, part);
      try {
        return talk.over(new Socket(calls, descriptor, arena.allocate(ROOM)));
      } finally {
        calls.close(descriptor);
      }
    }
  }

  private static void enter(String path) throws ToolException {
    try (var arena = Arena.ofConfined()) {
      var calls = new Calls(arena);
      int descriptor = (int) calls.call("open " + path, OPEN, arena.allocateFrom(path), 0);
      try {
        long unused = calls.call("setns", SETNS, descriptor, CLONE_NEWNET);
      } finally {
        calls.close(descriptor);
      }
    }
  }

  /// Calls of the C library.
  private static final class Calls {
    private final MemorySegment state;

    Calls(Arena arena) {
      state = arena.allocate(STATE);
    }

    long call(String what, MethodHandle function, Object... arguments) throws ToolException {
      var all = new ArrayList<Object>(List.of(state));
      all.addAll(List.of(arguments));
      long result;
      try {
        result = (long) function.invokeWithArguments(all);
      } catch (Throwable e) {
        throw new IllegalStateException(what, e); // a call of C throws nothing
      }
      if ((int) result < 0) throw failed(what, (int) ERRNO.get(state, 0L));
      return result;
    }

    void close(int descriptor) throws ToolException {
      long unused = call("close", CLOSE, descriptor);
    }
  }

  private static ToolException failed(String what, int number) {
    String said =
        switch (number) {
          case 1 -> "operation not permitted";
          case 2 -> "no such entry";
          case 17 -> "it is there already";
          case 22 -> "invalid argument";
          case 93 -> "this kernel has no such part";
          default -> "error " + number;
        };
    return new ToolException("netlink: " + what + ": " + said);
  }

  private static final class Socket {
    private final Calls calls;
    private final int descriptor;
    private final MemorySegment room;
    private int sequence;

    Socket(Calls calls, int descriptor, MemorySegment room) {
      this.calls = calls;
      this.descriptor = descriptor;
      this.room = room;
    }

    private void send(Request request) throws ToolException {
      int length = HEADER + request.body().length;
      ByteBuffer out = buffer(length);
      out.putInt(length)
          .putShort((short) request.type())
          .putShort((short) request.flags())
          .putInt(++sequence)
          .putInt(0)
          .put(request.body());
      long unused = calls.call("send", WRITE, descriptor, room, (long) length);
    }

    private ByteBuffer buffer(long length) {
      return room.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    void change(Request request) throws ToolException {
      send(request);
      ByteBuffer in = receive();
      int type = Short.toUnsignedInt(in.getShort(4));
      int number = in.getInt(HEADER);
      if (type != ERROR || number != 0) throw failed("request " + request.type(), -number);
    }

    Answer ask(Request request) throws ToolException {
      send(request);
      ByteBuffer in = receive();
      Answer answer = answer(in, 0);
      if (answer.type() == ERROR) throw failed("request " + request.type(), -in.getInt(HEADER));
      return answer;
    }

    private static Answer answer(ByteBuffer in, int start) {
      byte[] body = new byte[in.getInt(start) - HEADER];
      in.get(start + HEADER, body);
      int type = Short.toUnsignedInt(in.getShort(start + 4));
      return new Answer(type, ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()));
    }

    private ByteBuffer receive() throws ToolException {
      return buffer(calls.call("receive", READ, descriptor, room, (long) ROOM));
    }

    List<Answer> dump(Request request) throws ToolException {
      send(request);
      var answers = new ArrayList<Answer>();
      while (true) {
        ByteBuffer in = receive();
        while (in.remaining() >= HEADER) {
          int start = in.position();
          int length = in.getInt(start);
          int type = Short.toUnsignedInt(in.getShort(start + 4));
          if (type == DONE) return answers;
          if (type == ERROR) throw failed("dump", -in.getInt(start + HEADER));
          answers.add(answer(in, start));
          in.position(Math.min(in.limit(), start + (length + 3) / 4 * 4));
        }
      }
    }
  }
}
