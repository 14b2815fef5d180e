package dev.reeve.cli.lab;

/// What came of a TCP connection.
public sealed interface Reach {

  /// @param listener the name that the listener greeted with
  record Open(String listener) implements Reach {}

  /// Answered with a reset.
  enum Refused implements Reach {
    REFUSED
  }

  /// No answer in time: the packets are dropped somewhere.
  enum TimedOut implements Reach {
    TIMED_OUT
  }

  record Failed(String why) implements Reach {}

  default boolean works() {
    return this instanceof Open;
  }

  static Reach parse(String text) {
    if (text.startsWith("open ")) return new Open(text.substring(5));
    if (text.equals("refused")) return Refused.REFUSED;
    if (text.equals("timeout")) return TimedOut.TIMED_OUT;
    return new Failed(text.startsWith("failed ") ? text.substring(7) : text);
  }

  /// For people.
  default String toText() {
    return switch (this) {
      case Open(var listener) -> "answered by " + listener;
      case Refused _ -> "refused";
      case TimedOut _ -> "no answer";
      case Failed(var why) -> why;
    };
  }
}
