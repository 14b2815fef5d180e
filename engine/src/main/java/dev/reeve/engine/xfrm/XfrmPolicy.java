package dev.reeve.engine.xfrm;

import dev.reeve.model.net.IpAddress;
import java.util.Locale;

/// One entry of the kernel's policy database. The kernel knows it by direction and selector.
///
/// @param priority lower wins; in [#FIRST]..[#LAST] it is ours
public record XfrmPolicy(Direction direction, XfrmSelector selector, long priority, Action action)
    implements Comparable<XfrmPolicy> {

  /// Ours. Above what IKE daemons compute for themselves, so that a foreign policy for the same
  /// packets keeps its say.
  public static final long FIRST = 0x4d00_0000L;

  public static final long LAST = 0x5aff_ffffL;

  public enum Direction {
    OUT,
    IN,
    /// Forwarded: what came out of a tunnel for somebody else.
    FWD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public sealed interface Action {
    /// In clear.
    enum Allow implements Action {
      ALLOW
    }

    enum Block implements Action {
      BLOCK
    }

    /// By an association with that request id; where AH stands around ESP, by one more, with the id
    /// [XfrmState#around].
    ///
    /// @param required in clear neither way until there is one; else in clear meanwhile
    record Protect(Layers layers, long reqid, Mode mode, boolean required) implements Action {}

    /// Something read back that we never write.
    record Foreign(String text) implements Action {}
  }

  /// What protects a packet.
  public enum Layers {
    ESP,
    AH,
    /// AH around ESP: two associations for one packet. Of a tunnel both are in tunnel mode: the
    /// kernel compares the traffic of one in transport mode with the packet within, which is not
    /// the gateways'.
    ESP_IN_AH
  }

  public enum Protocol {
    ESP,
    AH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public sealed interface Mode {
    enum Transport implements Mode {
      TRANSPORT
    }

    record Tunnel(IpAddress from, IpAddress to) implements Mode {}
  }

  public XfrmPolicy withPriority(long other) {
    return new XfrmPolicy(direction, selector, other, action);
  }

  /// What the kernel tells policies apart by.
  public record Key(Direction direction, XfrmSelector selector) {}

  public Key key() {
    return new Key(direction, selector);
  }

  public boolean isOurs() {
    return FIRST <= priority && priority <= LAST;
  }

  /// In the words of `ip -batch`: the line that would make or replace it.
  public String toUpdate() {
    return "xfrm policy update dir "
        + direction
        + " "
        + selector
        + switch (action) {
          case Action.Allow _ -> " action allow priority " + priority;
          case Action.Block _ -> " action block priority " + priority;
          case Action.Protect protect -> " priority " + priority + templates(protect);
          case Action.Foreign(var text) -> throw new IllegalStateException(text);
        };
  }

  private static String templates(Action.Protect protect) {
    return switch (protect.layers()) {
      case ESP -> template(protect, Protocol.ESP, protect.reqid());
      case AH -> template(protect, Protocol.AH, protect.reqid());
      case ESP_IN_AH ->
          template(protect, Protocol.ESP, protect.reqid())
              + template(protect, Protocol.AH, XfrmState.around(protect.reqid()));
    };
  }

  private static String template(Action.Protect protect, Protocol protocol, long reqid) {
    String mode =
        switch (protect.mode()) {
          case Mode.Transport _ -> " mode transport";
          case Mode.Tunnel _ -> " mode tunnel";
        };
    String ends =
        protect.mode() instanceof Mode.Tunnel(var from, var to)
            ? "src " + from + " dst " + to + " "
            : "";
    return " tmpl "
        + ends
        + "proto "
        + protocol
        + " reqid "
        + reqid
        + mode
        + " level "
        + (protect.required() ? "required" : "use");
  }

  /// The line that would remove it.
  public String toDelete() {
    return "xfrm policy delete dir " + direction + " " + selector;
  }

  @Override
  public int compareTo(XfrmPolicy other) {
    int result = direction.compareTo(other.direction);
    if (result == 0) result = Long.compare(priority, other.priority);
    return result != 0 ? result : selector.toString().compareTo(other.selector.toString());
  }

  @Override
  public String toString() {
    return toUpdate().substring("xfrm policy update ".length());
  }
}
