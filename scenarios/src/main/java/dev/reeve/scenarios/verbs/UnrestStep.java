package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.scenarios.verbs.ExpectStep.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `unrest HOST HOST swaps COUNT FILE "NAME" FILE "NAME" restarts COUNT kills COUNT flushes COUNT`:
/// the policy of the two hosts is exchanged so often, in the directory, for the first, the second,
/// the first …; spread over that, the agent of one or the other is ended and started anew (SIGTERM
/// and SIGKILL in turn), its charon is killed, somebody flushes its kernel's policies
///
/// After each, connections that are held go on. What floods between the two lose from a kill or a
/// flush until they are secured again is not counted.
record UnrestStep(List<String> hosts, Words.Count swaps, List<Policy> policies, Others others)
    implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(240);

  /// @param file of changes to the directory that assign it
  record Policy(String file, String name) {}

  record Others(Words.Count restarts, Words.Count kills, Words.Count flushes) {}

  static Step parse(Words words) throws StepException {
    var hosts = List.of(words.host(), words.host());
    words.literal("swaps");
    Words.Count swaps = words.count("how often");
    var policies = List.of(policy(words), policy(words));
    return new UnrestStep(
        hosts,
        swaps,
        policies,
        new Others(count(words, "restarts"), count(words, "kills"), count(words, "flushes")));
  }

  private static Policy policy(Words words) throws StepException {
    return new Policy(words.next("a file"), words.next("a policy's name"));
  }

  private static Words.Count count(Words words, String what) throws StepException {
    words.literal(what);
    return words.count("how often");
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    new Run(stage, stage.lab().host(hosts.getFirst()), stage.lab().host(hosts.getLast())).all();
  }

  private interface Event {
    void on(LabHost host) throws LabException;
  }

  private final class Run {
    private final Stage stage;
    private final LabHost one;
    private final LabHost other;
    private String policy = policies.getLast().name();
    private int restarts;

    Run(Stage stage, LabHost one, LabHost other) {
      this.stage = stage;
      this.one = one;
      this.other = other;
    }

    void all() throws LabException {
      int all = stage.count(swaps);
      for (int swap = 1; swap <= all; swap++) {
        Policy next = policies.get((swap - 1) % 2);
        long[] before = now();
        swap(next);
        told("swap " + swap + " to '" + next.name() + "'", before);
        spread(swap, all, stage.count(others.restarts()), "restart of the agent", this::restart);
        spread(swap, all, stage.count(others.kills()), "kill -9 of charon", this::kill);
        spread(swap, all, stage.count(others.flushes()), "flush of the policies", this::flush);
      }
    }

    /// So that `count` of them are spread over all swaps, on one host and the other in turn.
    private void spread(int swap, int all, int count, String what, Event event)
        throws LabException {
      for (int i = count * (swap - 1) / all; i < count * swap / all; i++) {
        LabHost host = i % 2 == 0 ? other : one;
        long[] before = now();
        event.on(host);
        told(what + " on " + host.name(), before);
      }
    }

    private void swap(Policy next) throws LabException {
      new LdapStep.Modify(next.file(), 0).run(stage);
      policy = next.name();
      for (LabHost host : List.of(one, other)) inForce(host);
    }

    private void inForce(LabHost host) throws LabException {
      var claim = new Claim.Enforced(policy);
      var unused = host.await(claim.toText(), PATIENCE, claim::holds);
    }

    private void restart(LabHost host) throws LabException {
      if (restarts++ % 2 == 0) host.killAgent();
      else host.stopAgent();
      host.startAgent();
      inForce(host);
    }

    private void kill(LabHost host) throws LabException {
      long[] first = now();
      host.killIke();
      host.awaitIke(PATIENCE);
      host.awaitAssociations(PATIENCE);
      close(first);
    }

    private void flush(LabHost host) throws LabException {
      long[] first = now();
      host.namespace().must("ip", "xfrm", "policy", "flush");
      close(first);
    }

    private List<Flood> floods() {
      return stage.floods().stream().filter(flood -> flood.isBetween(one, other)).toList();
    }

    /// The numbers of the packets that are sent now.
    private long[] now() throws LabException {
      var now = new ArrayList<Long>();
      for (Flood flood : floods()) now.add(flood.now());
      return now.stream().mapToLong(Long::longValue).toArray();
    }

    private void close(long[] first) throws LabException {
      List<Flood> floods = floods();
      for (int i = 0; i < floods.size(); i++) {
        Flood.Window window = floods.get(i).close(first[i]);
        long got = floods.get(i).caught(window.first(), window.last()).count();
        stage.note(
            "   secured again after %d packets, %d lost"
                .formatted(window.size(), window.size() - got));
      }
    }

    private void told(String what, long[] before) throws LabException {
      for (LabHost host : stage.holds()) {
        var unused = HoldStep.lives(host);
      }
      var text = new StringBuilder(what);
      List<Flood> floods = floods();
      for (int i = 0; i < floods.size(); i++) {
        long last = floods.get(i).now() - 100; // those after that may be under way
        long sent = Math.max(0, last - before[i] + 1);
        long got = sent == 0 ? 0 : floods.get(i).caught(before[i], last).count();
        text.append(": ").append(got).append(" of ").append(sent).append(" packets");
      }
      stage.note(text.toString());
    }
  }
}
