package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabEnd;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Reach;
import dev.reeve.cli.lab.WireTap.Packet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `wire HOST -> HOST:PORT [ipv6] [udp [from PORT]] [of N bytes [whole]]
/// clear|secured|authenticated|clear until secured|authenticated [by NAME] [within S]` or
/// `unanswered|nothing|too-long`: one TCP connection, or UDP packet, judged by a capture at the
/// host that is called
///
/// With `within`, calls are made one after another until one is as it should be; a packet in clear
/// ends that, where they should be secured. A host that requests security does not wait for it, and
/// neither does the first one of another that it accepts: `clear until`.
record WireStep(
    String from,
    Words.Endpoint to,
    boolean ipv6,
    Call call,
    Looks looks,
    boolean clearBefore,
    Optional<String> by,
    Optional<Duration> within)
    implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(15); // TCP has asked four times
  private static final Duration LONG_ENOUGH = Duration.ofMillis(2500);

  /// What a caller is told whose own kernel's policy drops what leaves. No route, or no address, is
  /// another matter.
  private static final Reach KEPT = new Reach.Failed("Operation not permitted");

  enum Looks {
    /// Answered, and no packet of it was secured.
    CLEAR,
    /// Answered, and every packet of it was secured.
    SECURED,
    /// Answered, and every packet of it was AH: readable, but nobody can change it.
    AUTHENTICATED,
    /// It arrived in clear, and no packet went back.
    UNANSWERED,
    /// No packet of it arrived.
    NOTHING,
    /// The caller is told that what must not be taken apart does not fit, and nothing was in clear.
    TOO_LONG;

    boolean isProtected() {
      return this == SECURED || this == AUTHENTICATED;
    }

    boolean isAnswer() {
      return this == CLEAR || isProtected();
    }
  }

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    boolean ipv6 = words.maybe("ipv6");
    Call call = Call.parse(words);
    String like =
        words.oneOf("clear", "secured", "authenticated", "unanswered", "nothing", "too-long");
    boolean clearBefore = like.equals("clear") && words.maybe("until");
    if (clearBefore) like = words.oneOf("secured", "authenticated");
    Looks looks =
        switch (like) {
          case "clear" -> Looks.CLEAR;
          case "secured" -> Looks.SECURED;
          case "authenticated" -> Looks.AUTHENTICATED;
          case "unanswered" -> Looks.UNANSWERED;
          case "too-long" -> Looks.TOO_LONG;
          default -> Looks.NOTHING;
        };
    Optional<String> by =
        looks.isAnswer() && words.maybe("by") ? Optional.of(words.host()) : Optional.empty();
    return new WireStep(from, to, ipv6, call, looks, clearBefore, by, words.maybeWithin());
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    long end = System.nanoTime() + within.orElse(Duration.ZERO).toNanos();
    while (true) {
      Seen seen = look(stage);
      stage.note(seen.toText());
      if (seen.looks(call.answer(by.orElse(to.host())), looks)) return;
      boolean secret = (looks.isProtected() || looks == Looks.TOO_LONG) && !clearBefore;
      boolean leaks = secret && seen.there() + seen.back() > 0;
      if (leaks || System.nanoTime() >= end)
        throw new LabException(seen.toText() + ", expected " + wanted());
    }
  }

  private String wanted() {
    return switch (looks) {
      case CLEAR -> "an answer, all in clear";
      case SECURED -> "an answer, all secured";
      case AUTHENTICATED -> "an answer, all in AH";
      case UNANSWERED -> "a call in clear and no answer";
      case NOTHING -> "no packet";
      case TOO_LONG -> "to be told that it is too long, nothing in clear";
    };
  }

  private Seen look(Stage stage) throws LabException {
    LabEnd caller = stage.lab().end(from);
    LabEnd called = stage.lab().end(to.host());
    String address = called.address(ipv6);
    int since = called.look();
    Duration limit = looks.isAnswer() && !call.udp() ? PATIENCE : LONG_ENOUGH;
    Reach reach = call.make(caller, address, to.port(), limit);
    return Seen.of(reach, address, called.seen(caller, ipv6, since));
  }

  /// @param there clear packets of the caller
  /// @param back clear packets of the host that is called
  /// @param ah how many of the secured ones are AH
  /// @param first of the clear ones, as tcpdump tells of it
  record Seen(Reach reach, long there, long back, long secured, long ah, Optional<String> first) {

    /// @param called address of the host that is called
    static Seen of(Reach reach, String called, List<Packet> packets) {
      List<Packet> clear = packets.stream().filter(p -> p.kind() == Packet.Kind.CLEAR).toList();
      long back = clear.stream().filter(p -> p.from().equals(called)).count();
      long secured = packets.stream().filter(p -> p.kind() == Packet.Kind.SECURED).count();
      long ah = packets.stream().filter(p -> p.line().contains(": AH(")).count();
      Optional<String> first = clear.stream().findFirst().map(Packet::line);
      return new Seen(reach, clear.size() - back, back, secured, ah, first);
    }

    /// @param answer that it should be
    boolean looks(Reach answer, Looks wanted) {
      boolean answered = reach.equals(answer);
      boolean silent = reach instanceof Reach.TimedOut && back == 0 && secured == 0;
      boolean kept = reach.equals(KEPT) && back == 0 && secured == 0;
      return switch (wanted) {
        case CLEAR -> answered && there > 0 && back > 0 && secured == 0;
        case SECURED -> answered && there + back == 0 && secured > 0;
        case AUTHENTICATED -> answered && there + back == 0 && secured > 0 && ah == secured;
        case UNANSWERED -> silent && there > 0;
        case NOTHING -> (silent || kept) && there == 0;
        case TOO_LONG -> there + back == 0 && reach.toText().contains("too long");
      };
    }

    String toText() {
      return reach.toText()
          + "; "
          + there
          + " packets there and "
          + back
          + " back in clear"
          + first.map(" (the first: %s)"::formatted).orElse("")
          + ", "
          + secured
          + " secured"
          + (ah == 0 ? "" : ", " + ah + " of them AH");
    }
  }
}
