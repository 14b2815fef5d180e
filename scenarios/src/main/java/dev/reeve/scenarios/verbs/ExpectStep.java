package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.HostResult;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// `expect HOST policy "NAME"|enforced "NAME"|none|problem "TEXT"|refused "TEXT"|offline [within S]
/// [for S]`
///
/// `within` waits for it, 30 s when nothing is said; `for` then looks on and wants it to stay so.
record ExpectStep(String host, Claim claim, Duration within, Optional<Duration> lasting)
    implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 100_000_000;

  sealed interface Claim {

    record Policy(String name) implements Claim {}

    /// And every rule of it is in force as it is written: none waits for means to negotiate.
    record Enforced(String name) implements Claim {}

    record NoPolicy() implements Claim {}

    record Problem(String text) implements Claim {}

    record Refused(String text) implements Claim {}

    /// The agent knows that it does not reach the server.
    record Offline() implements Claim {}

    default boolean holds(HostResult result) {
      return switch (this) {
        case Policy(var name) -> result.policy().equals(Optional.of(name)) && result.settled();
        case Enforced(var name) ->
            new Policy(name).holds(result) && result.rules("ENFORCED") == result.rules();
        case NoPolicy _ -> result.policy().isEmpty() && result.settled();
        case Problem(var text) -> result.problems().stream().anyMatch(p -> p.contains(text));
        case Refused(var text) -> result.refused().stream().anyMatch(p -> p.contains(text));
        case Offline _ -> !result.reachesServer();
      };
    }

    default String toText() {
      return switch (this) {
        case Policy(var name) -> "policy '" + name + "'";
        case Enforced(var name) -> "policy '" + name + "' with every rule enforced";
        case NoPolicy _ -> "no policy";
        case Problem(var text) -> "a problem with '" + text + "'";
        case Refused(var text) -> "a refusal with '" + text + "'";
        case Offline _ -> "that it knows to be offline";
      };
    }
  }

  static Step parse(Words words) throws StepException {
    String host = words.host();
    Claim claim =
        switch (words.oneOf("policy", "enforced", "none", "problem", "refused", "offline")) {
          case "policy" -> new Claim.Policy(words.next("a policy's name"));
          case "enforced" -> new Claim.Enforced(words.next("a policy's name"));
          case "none" -> new Claim.NoPolicy();
          case "problem" -> new Claim.Problem(words.next("a text"));
          case "refused" -> new Claim.Refused(words.next("a text"));
          default -> new Claim.Offline();
        };
    Duration within = words.maybeWithin().orElse(PATIENCE);
    Optional<Duration> lasting =
        words.maybe("for")
            ? Optional.of(Duration.ofSeconds(words.number("seconds", 1, 600)))
            : Optional.empty();
    return new ExpectStep(host, claim, within, lasting);
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    HostResult result = at.await(claim.toText(), within, claim::holds);
    stage.note(result.toText());
    if (lasting.isPresent()) stays(at, lasting.get());
  }

  private void stays(LabHost at, Duration time) throws LabException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Optional<HostResult> now = at.find();
      if (now.filter(claim::holds).isEmpty()) {
        throw new LabException(
            host
                + " had "
                + claim.toText()
                + ", then "
                + now.map(HostResult::toText).orElse("did not answer"));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
