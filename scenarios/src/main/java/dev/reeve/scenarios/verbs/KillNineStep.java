package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.HostResult;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabServer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// `kill-nine HOST COUNT link FILE unlink FILE seed N`: SIGKILL of the whole server and of the
/// host's agent, each at a random point while somebody writes to the directory and links and
/// unlinks a GPO. No write that was acknowledged, no version and no cached policy may be lost.
record KillNineStep(String host, Words.Count rounds, String link, String unlink, int seed)
    implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LATEST_KILL_MILLIS = 4000;

  static Step parse(Words words) throws StepException {
    String host = words.host();
    Words.Count rounds = words.count("a number of rounds");
    words.literal("link");
    String link = words.next("a file");
    words.literal("unlink");
    String unlink = words.next("a file");
    words.literal("seed");
    return new KillNineStep(host, rounds, link, unlink, words.number("a seed", 0, 9_999_999));
  }

  @Override
  public void run(Stage stage) throws LabException {
    var random = new Random(seed);
    LabServer server = stage.lab().server();
    LabHost at = stage.lab().host(host);
    long newest = known(at).versionNumber();
    int written = 0;
    for (int round = 1; round <= stage.count(rounds); round++) {
      var writer = new DirectoryWriter(server, host, stage.read(link), stage.read(unlink), written);
      writer.start();
      boolean agentFirst = random.nextBoolean();
      newest = pass(at, random.nextInt(LATEST_KILL_MILLIS), newest);
      if (agentFirst) at.killAgent();
      LockSupport.parkNanos(random.nextInt(300) * 1_000_000L);
      server.kill();
      writer.end();
      newest = Math.max(newest, agentFirst ? newest : known(at).versionNumber());
      at.killAgent();

      at.startAgent();
      HostResult alone =
          at.await(
              "its cached policy without a server",
              PATIENCE,
              r -> r.policyText().isPresent() && r.versionNumber() > 0);
      if (alone.versionNumber() < newest) {
        throw new LabException(
            "round " + round + ": had version " + newest + ", kept " + alone.versionNumber());
      }
      server.start();
      writer.check();
      written = writer.acknowledged();
      long floor = newest;
      HostResult after =
          at.await(
              "an answer of the restarted server",
              PATIENCE,
              r -> r.reachesServer() && r.refused().isEmpty() && r.versionNumber() >= floor);
      newest = after.versionNumber();
      stage.note(
          "round %d: agent killed %s the server, %d writes acknowledged, version %d"
              .formatted(round, agentFirst ? "before" : "after", written, newest));
    }
    if (written == 0) throw new LabException("nothing was written: the check says nothing");
  }

  /// Lets time pass, looking at the version: what was once in force must not be lost.
  private static long pass(LabHost at, int millis, long newest) throws LabException {
    long end = System.nanoTime() + millis * 1_000_000L;
    long seen = newest;
    while (System.nanoTime() < end) {
      seen = Math.max(seen, known(at).versionNumber());
      LockSupport.parkNanos(20_000_000);
    }
    return seen;
  }

  private static HostResult known(LabHost at) throws LabException {
    return at.find()
        .orElseThrow(() -> new LabException("the agent of " + at.name() + " is silent"));
  }
}
