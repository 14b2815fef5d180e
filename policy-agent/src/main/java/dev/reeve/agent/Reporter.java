package dev.reeve.agent;

import static java.lang.System.Logger.Level.DEBUG;

import dev.reeve.agent.PolicyClient.RefusedByServerException;
import dev.reeve.model.status.StatusReport;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends the newest report, on a thread of its own, and keeps it until a server has taken it. An
/// older one that was not sent is of no use to anybody.
final class Reporter {

  private static final System.Logger LOG = System.getLogger("report");

  private final PolicyClient client;
  private final Supplier<Duration> uptime;
  private final RandomGenerator random;

  // Guarded by this.
  private @Nullable StatusReport newest;
  private boolean hurry;
  private boolean stopped;

  private PollSchedule schedule = PollSchedule.start();

  /// @param client of its own: the poller's is waiting for news
  Reporter(PolicyClient client, Supplier<Duration> uptime, RandomGenerator random) {
    this.client = client;
    this.uptime = uptime;
    this.random = random;
  }

  /// Any thread may call it; it never waits.
  synchronized void send(StatusReport report) {
    newest = report;
    notifyAll();
  }

  /// The server is there: do not wait out the pause.
  synchronized void serverIsBack() {
    hurry = true;
    notifyAll();
  }

  synchronized void stop() {
    stopped = true;
    client.abort();
    notifyAll();
  }

  void run() {
    try {
      while (true) {
        StatusReport report = next();
        if (report == null) break;
        send(report, report.toBytes());
        pause(schedule.pause(uptime.get(), random));
      }
    } catch (InterruptedException _) {
      // the process ends
    }
    client.close();
  }

  private synchronized @Nullable StatusReport next() throws InterruptedException {
    while (newest == null && !stopped) wait();
    hurry = false;
    return stopped ? null : newest;
  }

  private void send(StatusReport report, byte[] bytes) {
    try {
      client.report(bytes);
      sent(report);
    } catch (RefusedByServerException e) {
      LOG.log(DEBUG, "report not taken: {0}", e.getMessage());
      // A report that this server will never take must not be sent for ever.
      if (e.status() / 100 == 4 && e.status() != 429) sent(report);
      else schedule = schedule.failed(uptime.get());
    } catch (IOException e) {
      LOG.log(DEBUG, "report kept for later: {0}", e.getMessage());
      schedule = schedule.failed(uptime.get());
    } finally {
      client.close(); // reports are rare: an idle connection costs both sides more
    }
  }

  private synchronized void sent(StatusReport report) {
    schedule = schedule.well();
    if (newest == report) newest = null;
  }

  private synchronized void pause(Duration pause) throws InterruptedException {
    long until = System.nanoTime() + pause.toNanos();
    while (!stopped && !hurry) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) return;
      wait(left);
    }
  }
}
