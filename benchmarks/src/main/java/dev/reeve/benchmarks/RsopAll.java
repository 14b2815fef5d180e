package dev.reeve.benchmarks;

import dev.reeve.cli.lab.LabException;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LiveSnapshot;
import dev.reeve.schema.read.SnapshotBuilder;
import dev.reeve.server.secrets.Vault;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A large fleet in memory, without a directory server: what the picture and the results cost by
/// themselves; then, where there is a Samba, a host's share beside `samba-tool gpo list`.
final class RsopAll implements Benchmark {

  private static final FleetDomain DOMAIN = FleetDomain.LARGE;
  private static final int ROUNDS = 3;
  private static final int CHANGES = 200;
  private static final int SINGLES = 2_000;
  private static final int EACH = 50;
  private static final double MEBI = 1024 * 1024;

  @Override
  public String name() {
    return "rsop-all";
  }

  @Override
  public String about() {
    return "100,000 computers in memory: build, heap, one RSoP, all RSoPs, a link change";
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    var build = new Rounds();
    var heap = new Rounds();
    var one = new Rounds();
    var all = new Rounds();
    var change = new Rounds();
    int classes = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      progress.accept("round " + round + " of " + ROUNDS);
      double empty = usedMebi();
      double full = fullBuildMillis();
      var live = new LiveSnapshot(new Vault(new byte[Vault.KEY_BYTES]));
      List<LdapEntry> entries = DOMAIN.entries();
      double read = usedMebi() - empty;
      long start = System.nanoTime();
      live.reset(entries);
      var snapshot = new DirectorySnapshot(live.content());
      build.add(millisSince(start) / 1000, full / 1000);
      entries = List.of();

      var results = new RsopClasses(snapshot);
      all.add(allMillis(results) / 1000, eachMillis(snapshot) / 1000);
      classes = results.size();
      one.add(oneMillis(snapshot), 1);
      heap.add(usedMebi() - empty, read);
      change.add(changeMillis(live, results), full);
    }
    var figures = new ArrayList<Figure>();
    figures.addAll(
        List.of(
            figure(
                DOMAIN + ": picture built from entries in memory",
                build,
                "s",
                "full build of the same, which cannot follow changes",
                "<= 15 s",
                build.value() <= 15),
            figure(
                "heap for the picture and all results",
                heap,
                "MiB",
                "the entries it was made from",
                "<= 700 MiB",
                heap.value() <= 700),
            figure(
                "one RSoP on its own, p99 of " + SINGLES + " computers",
                one,
                "ms",
                "the limit",
                "p99 <= 1 ms",
                one.value() <= 1),
            figure(
                DOMAIN.computers() + " resultant sets, " + classes + " classes",
                all,
                "s",
                "each host on its own (one in " + EACH + " computed)",
                "<= 10 s",
                all.value() <= 10),
            figure(
                "a link change to picture and results kept, p99 of " + CHANGES,
                change,
                "ms",
                "full build",
                "<= 1 % of a full build",
                change.ratio() <= 0.01)));
    figures.addAll(besideSamba(all.value() * 1000 / DOMAIN.computers(), progress));
    return figures;
  }

  /// Their command starts an interpreter and a connection for each host; ours starts the connection
  /// in the second figure, and in the first neither. The texts say so.
  ///
  /// @param eachMillis one host's share of all results
  private List<Figure> besideSamba(double eachMillis, Consumer<String> progress)
      throws LabException {
    Optional<String> missing = SambaPeer.missing();
    if (missing.isPresent()) {
      System.err.println(name() + ": not beside samba-tool gpo list: " + missing.get());
      return List.of();
    }
    progress.accept("samba-tool gpo list");
    SambaPeer.Sample samba = SambaPeer.measure();
    String peer =
        "samba-tool gpo list HOST, a process each, Samba domain of " + samba.objects() + " objects";
    double theirs = samba.millis().other();
    return List.of(
        new Figure(
            name(),
            "one host's share of the " + DOMAIN.computers() + " resultant sets, in memory",
            eachMillis,
            "ms",
            peer + " (at most " + SambaPeer.MOST_OBJECTS + ")",
            theirs,
            eachMillis / theirs,
            "reported, no limit: the domains differ in size",
            true),
        figure(
            "the same Samba domain read whole over LDAPS, and one RSoP, in a running JVM",
            samba.millis(),
            "ms",
            peer,
            "reported, no limit: only theirs starts a process",
            true));
  }

  private Figure figure(
      String what, Rounds rounds, String unit, String against, String goal, boolean met) {
    return new Figure(
        name(), what, rounds.value(), unit, against, rounds.other(), rounds.ratio(), goal, met);
  }

  private static double fullBuildMillis() {
    List<LdapEntry> entries = DOMAIN.entries();
    long start = System.nanoTime();
    DirectorySnapshot full = SnapshotBuilder.build(entries, new Vault(new byte[Vault.KEY_BYTES]));
    double millis = millisSince(start);
    if (full.computers().size() != DOMAIN.computers())
      throw new IllegalStateException(full.computers().size() + " computers");
    return millis;
  }

  private static double allMillis(RsopClasses results) {
    List<RsopQuery> hosts = hosts(1);
    long start = System.nanoTime();
    for (RsopQuery host : hosts) check(results.resolve(host));
    return millisSince(start);
  }

  /// Without anything shared between hosts.
  private static double eachMillis(DirectorySnapshot snapshot) {
    List<RsopQuery> hosts = hosts(EACH);
    long start = System.nanoTime();
    for (RsopQuery host : hosts) check(Rsop.resolve(snapshot, host));
    return millisSince(start) * EACH;
  }

  private static List<RsopQuery> hosts(int step) {
    return IntStream.iterate(0, i -> i < DOMAIN.computers(), i -> i + step)
        .mapToObj(DOMAIN::query)
        .toList();
  }

  private static double oneMillis(DirectorySnapshot snapshot) {
    long[] nanos = new long[SINGLES];
    for (int i = 0; i < SINGLES; i++) {
      RsopQuery query = DOMAIN.query(31 * i % DOMAIN.computers());
      long start = System.nanoTime();
      check(Rsop.resolve(snapshot, query));
      nanos[i] = System.nanoTime() - start;
    }
    return Rounds.percentile(nanos, 0.99) / 1e6;
  }

  /// From an OU with none below it to the one above all others, so that as many results as can be
  /// were kept before each change; after it one of the OU's computers is asked.
  private static double changeMillis(LiveSnapshot live, RsopClasses from) {
    RsopClasses results = from;
    long[] nanos = new long[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      int ou = (DOMAIN.ous() - 1) * (CHANGES - 1 - i) / (CHANGES - 1);
      LdapEntry changed = DOMAIN.ouEntry(ou, 1);
      RsopQuery query = DOMAIN.query(ou);
      long start = System.nanoTime();
      live.upsert(changed);
      results = results.changedTo(results.snapshot().changedTo(live.content()));
      check(results.resolve(query));
      nanos[i] = System.nanoTime() - start;
    }
    return Rounds.percentile(nanos, 0.99) / 1e6;
  }

  private static void check(Rsop rsop) {
    if (rsop.links().isEmpty() || rsop.assignment() instanceof PolicyResult.Unknown)
      throw new IllegalStateException("an unexpected result: " + rsop);
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static double usedMebi() {
    for (int i = 0; i < 3; i++) System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBI;
  }
}
