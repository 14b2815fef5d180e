package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabServer;
import java.time.Duration;
import java.util.Optional;

/// Writes to the directory as fast as it acknowledges, and knows what it acknowledged: a counter in
/// a computer's description, and now and then a link that comes and goes.
final class DirectoryWriter {

  private static final int LINK_EVERY = 25;
  private static final Duration END = Duration.ofSeconds(40);

  private final LabServer server;
  private final String host;
  private final String link;
  private final String unlink;
  private final Thread thread = new Thread(this::write, "directory-writer");
  private volatile int acknowledged;
  private volatile boolean linked;
  private volatile boolean linkUncertain;
  private volatile boolean stop;

  /// @param written the counter's last value
  DirectoryWriter(LabServer server, String host, String link, String unlink, int written) {
    this.server = server;
    this.host = host;
    this.link = link;
    this.unlink = unlink;
    this.acknowledged = written;
  }

  void start() {
    thread.start();
  }

  private void write() {
    try (LabDirectory directory = server.directory()) {
      String computer = directory.computer(host);
      while (!stop) {
        int next = acknowledged + 1;
        directory.apply(
            "dn: "
                + computer
                + "\nchangetype: modify\nreplace: description\ndescription: write "
                + next
                + "\n");
        acknowledged = next;
        if (next % LINK_EVERY == 0) toggle(directory);
      }
    } catch (LabException _) {
      // The server was killed; what it acknowledged is known.
    }
  }

  private void toggle(LabDirectory directory) throws LabException {
    linkUncertain = true;
    directory.apply(linked ? unlink : link);
    linked = !linked;
    linkUncertain = false;
  }

  void end() throws LabException {
    stop = true;
    try {
      if (!thread.join(END)) throw new LabException("the directory neither answers nor refuses");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  int acknowledged() {
    return acknowledged;
  }

  /// The restarted directory has the last acknowledged write, or one that came after it.
  void check() throws LabException {
    try (LabDirectory directory = server.directory()) {
      Optional<String> found = directory.read(directory.computer(host), "description");
      int last =
          found
              .filter(text -> text.matches("write [0-9]+"))
              .map(text -> Integer.parseInt(text.substring(6)))
              .orElse(0);
      if (last != acknowledged && last != acknowledged + 1) {
        throw new LabException(
            "write " + acknowledged + " was acknowledged, the directory has " + last);
      }
      acknowledged = last;
      restore(directory);
    }
  }

  /// Each round starts without the link.
  private void restore(LabDirectory directory) throws LabException {
    if (linkUncertain || linked) {
      directory.apply(unlink);
      linked = false;
    }
  }
}
