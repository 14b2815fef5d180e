package dev.reeve.agent;

import static java.lang.System.Logger.Level.DEBUG;

import dev.reeve.engine.EngineException;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.StatusReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What the server is told, and when: at once what changed, and all of it every so often. The
/// loop's own: not for several threads.
final class News {

  private static final System.Logger AGENT = System.getLogger("agent");

  /// How often a report may be sent for peers that cannot be agreed with.
  private static final Duration FAILURES = Duration.ofMinutes(1);

  private final IpsecEngine engine;
  private final Consumer<StatusReport> reports;
  private final Duration interval;

  private Optional<StatusReport> before = Optional.empty();
  private Set<String> toldFailures = Set.of();
  private Duration failuresAt = Duration.ZERO;
  private Duration dueAt = Duration.ZERO;

  /// @param interval between reports when nothing changes
  News(IpsecEngine engine, Consumer<StatusReport> reports, Duration interval) {
    this.engine = engine;
    this.reports = reports;
    this.interval = interval;
  }

  /// When the next report is due, whatever happens.
  Duration dueAt() {
    return dueAt;
  }

  /// The first one is due an interval from now.
  void start(Duration now) {
    dueAt = now.plus(interval);
  }

  void ifChanged(StatusReport report, Duration now) {
    if (before.filter(told -> saysTheSame(told, report)).isEmpty()) tell(report, now);
  }

  void ifDue(Supplier<StatusReport> report, Duration now) {
    if (now.compareTo(dueAt) >= 0) tell(report.get(), now);
    if (now.compareTo(failuresAt) < 0) return;
    failuresAt = now.plus(FAILURES);
    // Peers that cannot be agreed with, and why: news, but not at every packet of theirs.
    if (!reasons(engine.failures()).equals(toldFailures)) tell(report.get(), now);
  }

  /// "Unchanged" after "applied" is no news.
  private static boolean saysTheSame(StatusReport a, StatusReport b) {
    return a.running().equals(b.running())
        && a.outcome().equals("failed") == b.outcome().equals("failed")
        && a.detail().equals(b.detail())
        && a.rules().equals(b.rules())
        && a.refused().equals(b.refused())
        && a.problems().equals(b.problems())
        && a.exempt().equals(b.exempt());
  }

  private void tell(StatusReport report, Duration now) {
    before = Optional.of(report);
    dueAt = now.plus(interval);
    reports.accept(withActivity(report, now));
  }

  /// What was read back a moment ago is not compared with what was reported: it changes always.
  private StatusReport withActivity(StatusReport report, Duration now) {
    try {
      IpsecActivity activity = engine.observe().activity();
      toldFailures = reasons(activity.failures());
      failuresAt = now.plus(FAILURES);
      return report.withActivity(activity);
    } catch (EngineException | RuntimeException e) {
      AGENT.log(DEBUG, "the engine cannot be observed: {0}", e.toString());
      return report;
    }
  }

  private static Set<String> reasons(List<PeerFailure> failures) {
    return failures.stream()
        .map(failure -> failure.peer() + " " + failure.reason())
        .collect(Collectors.toSet());
  }
}
