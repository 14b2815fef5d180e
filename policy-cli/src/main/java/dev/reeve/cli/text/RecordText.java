package dev.reeve.cli.text;

import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.RuleTraffic;
import java.util.List;

/// What a host really got and what became of it, for people.
public final class RecordText {

  private static final int VALUE = 13;

  private RecordText() {}

  public static List<String> lines(RsopRecord record) {
    var page = new Page();
    record
        .rsop()
        .ifPresentOrElse(
            rsop -> page.add(RsopText.lines(rsop)),
            () ->
                page.field(0, VALUE, "Computer", record.computer())
                    .field(0, VALUE, "Assigned", "nothing has been given to this host yet"));
    page.blank().text(0, "What the host was given");
    page.field(2, VALUE, "Host id", record.host());
    if (!record.enrolled().isBlank()) page.field(2, VALUE, "Enrolled", record.enrolled());
    record
        .issued()
        .ifPresent(issued -> {
          page.field(2, VALUE, "Version", issued.version() + ", issued " + issued.issued());
          page.field(2, VALUE, "Expires", issued.expires());
        });
    page.blank().text(0, "What the host reported");
    record
        .report()
        .ifPresentOrElse(
            report -> report(page, record, report),
            () -> page.text(2, "nothing yet: it has not said that it applied anything"));
    return page.lines();
  }

  private static void report(Page page, RsopRecord record, RsopRecord.Report report) {
    page.field(2, VALUE, "Time", report.time());
    boolean behind =
        record.issued().filter(issued -> !issued.version().equals(report.running())).isPresent();
    page.field(
        2,
        VALUE,
        "Running",
        (report.running().isBlank() ? "none" : report.running())
            + (behind ? ": NOT what it was given last, " + record.issued().get().version() : ""));
    page.field(
        2,
        VALUE,
        "Outcome",
        (report.outcome().isBlank() ? "nothing applied yet" : report.outcome())
            + (report.engine().isBlank() ? "" : " (engine: " + report.engine() + ")")
            + (report.detail().isBlank() ? "" : ": " + report.detail()));
    for (RsopRecord.Rule rule : report.rules()) {
      page.field(
          2,
          VALUE + 7,
          GpResultText.state(rule.state()),
          rule.name() + (rule.detail().isBlank() ? "" : ": " + rule.detail()));
    }
    report.refused().forEach(refused -> page.field(2, VALUE, "Refused", refused));
    report.problems().forEach(problem -> page.field(2, VALUE, "Problem", problem));
    report.activity().ifPresent(activity -> activity(page, activity));
  }

  private static void activity(Page page, IpsecActivity activity) {
    page.field(
        2,
        VALUE,
        "Secured",
        Words.count(activity.mainModeCount(), "main-mode association")
            + ", "
            + Words.count(activity.quickModeCount(), "quick-mode association"));
    for (RuleTraffic traffic : activity.traffic()) {
      page.field(
          2,
          VALUE,
          "Not secured",
          traffic.ruleName()
              + ": "
              + Words.count(traffic.dropped().packets())
              + " packets dropped, "
              + Words.count(traffic.clear().packets())
              + " left in clear");
    }
    for (PeerFailure failure : activity.failures()) {
      page.field(
          2,
          VALUE,
          failure.downgraded() ? "Downgraded" : "No peer",
          failure.peer() + ": " + Words.of(failure.reason()) + ": " + failure.detail());
    }
  }
}
