package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabEnd;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Reach;
import java.time.Duration;

/// What one end says to another: a TCP connection, or with `udp` a packet.
///
/// @param from the port to call from; 0 for any
/// @param bytes there and back again; 0 when a greeting will do
/// @param whole no packet may be taken apart on its way
record Call(boolean udp, int from, int bytes, boolean whole) {

  private static final int MOST = 9_000_000;
  private static final int MOST_IN_UDP = 65_000;

  /// `[udp [from PORT]] [of N bytes [whole]]`
  static Call parse(Words words) throws StepException {
    boolean udp = words.maybe("udp");
    int from = udp && words.maybe("from") ? words.number("a port", 1, 65535) : 0;
    if (!words.maybe("of")) return new Call(udp, from, 0, false);
    int bytes = words.number("how many", 2, udp ? MOST_IN_UDP : MOST);
    words.literal("bytes");
    return new Call(udp, from, bytes, udp && words.maybe("whole"));
  }

  Reach make(LabEnd caller, String address, int port, Duration limit) throws LabException {
    if (udp) return caller.datagram(address, port, limit, from, Math.max(1, bytes), whole);
    return bytes == 0
        ? caller.connect(address, port, limit)
        : caller.exchange(address, port, limit, bytes);
  }

  /// Who is heard when it is answered.
  ///
  /// @param name of who should answer
  Reach answer(String name) {
    return new Reach.Open(udp || bytes == 0 ? name : "echo");
  }
}
