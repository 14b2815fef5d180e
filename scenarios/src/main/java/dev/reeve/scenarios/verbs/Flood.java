package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.Probe.Caught;
import dev.reeve.cli.lab.WireTap;
import dev.reeve.cli.lab.WireTap.Packet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Numbered UDP packets from one host to another, with the links of both looked at, and when it was
/// that something was killed that they need.
final class Flood {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final long PAUSE_NANOS = 50_000_000;

  private final LabHost sender;
  private final LabHost target;
  private final int port;
  private final Look look;
  private final long start = System.nanoTime();
  private final List<Window> windows = new ArrayList<>();

  /// Packets that were sent while something was gone.
  ///
  /// @param first, last numbers, both included
  record Window(long first, long last) {
    long size() {
      return last - first + 1;
    }
  }

  private Flood(LabHost sender, LabHost target, int port, Look look) throws LabException {
    this.sender = sender;
    this.target = target;
    this.port = port;
    this.look = look;
  }

  /// How it is looked at.
  sealed interface Look {

    /// All that passes between the two, at both ends.
    record Whole(int sinceSender, int sinceTarget) implements Look {}

    /// What of it is in clear, at both ends; the program at the port counts what comes.
    record Clear(WireTap atSender, WireTap atTarget) implements Look {}

    /// The program at the port counts what comes: all of it is in clear.
    enum None implements Look {
      NONE
    }
  }

  static Flood start(LabHost sender, LabHost target, int port, int perSecond) throws LabException {
    var look = new Look.Whole(sender.look(), target.look());
    sender.flood(target, port, perSecond);
    return new Flood(sender, target, port, look);
  }

  /// Its packets are counted where they are taken, and looked for in clear.
  static Flood counted(LabHost sender, LabHost target, int port, int perSecond)
      throws LabException {
    String which = "udp port " + port + " and host " + sender.spec().address();
    var look = new Look.Clear(sender.lookForClear(which), target.lookForClear(which));
    target.forgetCaught(port, sender);
    sender.flood(target, port, perSecond);
    return new Flood(sender, target, port, look);
  }

  /// Its packets are counted where they are taken.
  static Flood unseen(LabHost sender, LabHost target, int port, int perSecond) throws LabException {
    target.forgetCaught(port, sender);
    sender.flood(target, port, perSecond);
    return new Flood(sender, target, port, Look.None.NONE);
  }

  boolean isBetween(LabHost one, LabHost other) {
    return sender == one && target == other || sender == other && target == one;
  }

  LabHost sender() {
    return sender;
  }

  LabHost target() {
    return target;
  }

  List<Packet> seenAtSender() throws LabException {
    return sender.seen(target, whole().sinceSender());
  }

  List<Packet> seenAtTarget() throws LabException {
    return target.seen(sender, whole().sinceTarget());
  }

  private Look.Whole whole() throws LabException {
    if (look instanceof Look.Whole whole) return whole;
    throw new LabException("this flood is counted, not captured");
  }

  /// The number of the packet that is sent now.
  long now() throws LabException {
    return sender.flooded().tried();
  }

  /// How many of those packets have come; those that are under way are not waited for.
  Caught caught(long first, long last) throws LabException {
    return target.caught(port, sender, first, last);
  }

  /// What was killed is there again: waits until packets come through that were sent since, and
  /// does not count those from `first` until then.
  Window close(long first) throws LabException {
    long back = now();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Caught caught = caught(first, back);
      if (caught.last() > back) {
        var window = new Window(first, caught.last());
        windows.add(window);
        return window;
      }
      if (System.nanoTime() >= end) {
        throw new LabException(
            "waited " + PATIENCE.toSeconds() + " s in vain for packets to be secured again");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// @param total packets that were sent
  /// @param time for which they were
  /// @param windows how many there were
  /// @param counted packets outside of them
  /// @param arrived of those
  record Count(long total, Duration time, int windows, long counted, long arrived) {

    /// Whether most packets count: with windows over most of them, what arrived says little.
    boolean mostCount() {
      return counted * 2 > total;
    }

    long perSecond() {
      return total * 1000 / Math.max(1, time.toMillis());
    }

    String toText() {
      return ("%,d packets sent, %,d a second; %d windows of %,d in all (%.1f %%);"
              + " %,d of the %,d others arrived (%.2f %%)")
          .formatted(
              total,
              perSecond(),
              windows,
              total - counted,
              percent(total - counted, total),
              arrived,
              counted,
              percent(arrived, counted));
    }

    private static double percent(long part, long whole) {
      return 100.0 * part / Math.max(1, whole);
    }
  }

  /// Ends it.
  Count count() throws LabException {
    long total = sender.calm().tried();
    var time = Duration.ofNanos(System.nanoTime() - start);
    long settled = -1;
    for (long now = caught(1, total).count(); now != settled; now = caught(1, total).count()) {
      settled = now; // until nothing more is under way
      LockSupport.parkNanos(10 * PAUSE_NANOS);
    }
    long counted = 0;
    long arrived = 0;
    long next = 1;
    for (Window window : windows) {
      if (window.first() > next) {
        counted += window.first() - next;
        arrived += caught(next, window.first() - 1).count();
      }
      next = Math.max(next, window.last() + 1);
    }
    counted += total - next + 1;
    arrived += caught(next, total).count();
    return new Count(total, time, windows.size(), counted, arrived);
  }

  /// The kinds of packets of it that a capture shows in clear.
  Set<Packet> clear() throws LabException {
    if (!(look instanceof Look.Clear(var atSender, var atTarget))) {
      throw new LabException("this flood is captured, not counted");
    }
    var clear = new LinkedHashSet<>(sender.kinds(atSender));
    clear.addAll(target.kinds(atTarget));
    return clear;
  }
}
