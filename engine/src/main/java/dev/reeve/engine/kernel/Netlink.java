package dev.reeve.engine.kernel;

import dev.reeve.engine.tool.ToolException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A socket to one part of the kernel, for what its programs have no words for, or are too slow.
///
/// Source: Linux' netlink(7), linux/netlink.h.
public final class Netlink {

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;

  /// The ROUTE of linux/netlink.h: links, addresses, routes.
  public static final int ROUTE = 0;

  /// Its XFRM.
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

  private final int part;
  private final Namespace network;

  /// @param part [#ROUTE], [#XFRM] or [#NETFILTER]
  public Netlink(int part, Namespace network) {
    this.part = part;
    this.network = network;
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
    boolean unused =
        talk(socket -> {
          for (Request request : requests) socket.change(request);
          return true;
        });
  }

  private <T> T talk(Talk<T> talk) throws ToolException {
    return network.does(() -> here(talk));
  }

  private <T> T here(Talk<T> talk) throws ToolException {
    try (var arena = Arena.ofConfined()) {
      var calls = new CLibrary(arena);
      int descriptor =
          (int) calls.call("socket", CLibrary.SOCKET, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, part);
      try {
        return talk.over(new Socket(calls, descriptor, arena.allocate(ROOM)));
      } finally {
        calls.close(descriptor);
      }
    }
  }

  private static final class Socket {
    private final CLibrary calls;
    private final int descriptor;
    private final MemorySegment room;
    private int sequence;

    Socket(CLibrary calls, int descriptor, MemorySegment room) {
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
      long unused = calls.call("send", CLibrary.WRITE, descriptor, room, (long) length);
    }

    private ByteBuffer buffer(long length) {
      return room.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    void change(Request request) throws ToolException {
      send(request);
      ByteBuffer in = receive();
      int type = Short.toUnsignedInt(in.getShort(4));
      int number = in.getInt(HEADER);
      if (type != ERROR || number != 0) throw CLibrary.failed("request " + request.type(), -number);
    }

    Answer ask(Request request) throws ToolException {
      send(request);
      ByteBuffer in = receive();
      Answer answer = answer(in, 0);
      if (answer.type() == ERROR)
        throw CLibrary.failed("request " + request.type(), -in.getInt(HEADER));
      return answer;
    }

    private static Answer answer(ByteBuffer in, int start) {
      byte[] body = new byte[in.getInt(start) - HEADER];
      in.get(start + HEADER, body);
      int type = Short.toUnsignedInt(in.getShort(start + 4));
      return new Answer(type, ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()));
    }

    private ByteBuffer receive() throws ToolException {
      return buffer(calls.call("receive", CLibrary.READ, descriptor, room, (long) ROOM));
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
          if (type == ERROR) throw CLibrary.failed("dump", -in.getInt(start + HEADER));
          answers.add(answer(in, start));
          in.position(Math.min(in.limit(), start + (length + 3) / 4 * 4));
        }
      }
    }
  }
}
