package dev.reeve.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How things stand with the server.
///
/// @param server the one asked last
/// @param since when `reachable` last changed
/// @param lastAnswer of any server
/// @param lastError why the last question failed; empty when it did not
/// @param clockSkew by how much this host's clock is ahead of the server's
/// @param problems with the certificate
record Contact(
    String server,
    boolean reachable,
    Instant since,
    Optional<Instant> lastAnswer,
    String lastError,
    Duration clockSkew,
    List<String> problems) {

  /// More than this, and certificates and expiry cannot be judged.
  static final Duration MAX_SKEW = Duration.ofMinutes(5);

  Contact {
    problems = List.copyOf(problems);
  }

  static Contact none(Instant now, String why) {
    return new Contact("", false, now, Optional.empty(), why, Duration.ZERO, List.of());
  }

  Contact answered(String by, Instant now, Optional<Instant> serverTime) {
    Duration skew = serverTime.map(time -> Duration.between(time, now)).orElse(clockSkew);
    return new Contact(by, true, reachable ? since : now, Optional.of(now), "", skew, problems);
  }

  /// The server answered something that could not be used.
  Contact withError(String error) {
    return new Contact(server, reachable, since, lastAnswer, error, clockSkew, problems);
  }

  Contact away(String from, Instant now, String error) {
    return new Contact(
        from, false, reachable ? now : since, lastAnswer, error, clockSkew, problems);
  }

  Contact withProblems(List<String> found) {
    return new Contact(server, reachable, since, lastAnswer, lastError, clockSkew, found);
  }

  /// For people; empty when the clocks agree.
  Optional<String> skewProblem() {
    return clockSkew.abs().compareTo(MAX_SKEW) > 0
        ? Optional.of(skewText(clockSkew))
        : Optional.empty();
  }

  static String skewText(Duration skew) {
    // Whole minutes: a report is not sent anew for every second of it.
    long minutes = skew.abs().plusSeconds(30).toMinutes();
    return "this host's clock is %d min %s the server's"
        .formatted(minutes, skew.isNegative() ? "behind" : "ahead of");
  }
}
