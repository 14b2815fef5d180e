package dev.reeve.benchmarks;

import com.sun.management.ThreadMXBean;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.cli.lab.LabException;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.ldap.LdapSource;
import dev.reeve.server.secrets.Vault;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A link that an administrator changes over LDAP, until it is in a computer's RSoP.
final class ChangeFeed implements Benchmark {

  private static final FleetDomain LARGE = FleetDomain.LARGE;
  private static final FleetDomain SMALL = new FleetDomain(1_000, 20, 999, 50);
  private static final int CHANGES = 200;
  private static final int WARM_UP = 50;
  private static final int PATIENCE_SECONDS = 30;

  @Override
  public String name() {
    return "change-feed";
  }

  @Override
  public String about() {
    return "a link changed over LDAP until it is in RSoP, beside a bare ldapsearch -E sync=rp";
  }

  /// @param nanos of each change, and of the same at the bare listener
  /// @param bytes allocated for each, in the whole process
  private record Sample(long[] nanos, long[] bareNanos, long[] bytes, int classes) {

    double p99Millis() {
      return Rounds.percentile(nanos, 0.99) / 1e6;
    }

    double bareP99Millis() {
      return Rounds.percentile(bareNanos, 0.99) / 1e6;
    }

    double kibi() {
      return Rounds.percentile(bytes, 0.5) / 1024;
    }
  }

  @Override
  public List<Figure> measure(Consumer<String> progress) throws LabException {
    Sample small = sample(SMALL, progress);
    Sample large = sample(LARGE, progress);
    return List.of(
        new Figure(
            name(),
            LARGE + " in OpenLDAP: link changed over LDAP to RSoP, p99 of " + CHANGES,
            large.p99Millis(),
            "ms",
            "the same changes at a bare ldapsearch -E sync=rp",
            large.bareP99Millis(),
            large.p99Millis() / large.bareP99Millis(),
            "p99 <= 1000 ms",
            large.p99Millis() <= 1000),
        new Figure(
            name(),
            "the same, median",
            Rounds.percentile(large.nanos, 0.5) / 1e6,
            "ms",
            "the same changes at a bare ldapsearch -E sync=rp",
            Rounds.percentile(large.bareNanos, 0.5) / 1e6,
            Rounds.percentile(large.nanos, 0.5) / Rounds.percentile(large.bareNanos, 0.5),
            "reported, no limit",
            true),
        new Figure(
            name(),
            "allocated for a change, median, with the results of "
                + large.classes
                + " classes of hosts kept",
            large.kibi(),
            "KiB",
            SMALL + ", " + small.classes + " classes",
            small.kibi(),
            large.kibi() / small.kibi(),
            "<= 2 times: work follows the change, not the directory",
            large.kibi() <= 2 * small.kibi()));
  }

  private static Sample sample(FleetDomain domain, Consumer<String> progress) throws LabException {
    progress.accept("loading " + domain);
    try (FleetSlapd slapd = FleetSlapd.of(domain);
        var current = new CurrentSnapshot(new Vault(new byte[Vault.KEY_BYTES]), Clock.systemUTC());
        var source = new LdapSource(slapd.config())) {
      var swapped = new Semaphore(0);
      current.onChange(swapped::release);
      source.start(current);
      swapped.acquire();
      progress.accept("resolving " + domain);
      RsopClasses results = current.view().orElseThrow().rsop();
      for (Dn computer : results.snapshot().computers().keySet()) {
        var unused = results.resolve(RsopQuery.of(computer));
      }
      try (SyncListener bare = SyncListener.on(slapd);
          LDAPConnection administrator = slapd.administrator()) {
        progress.accept("changing " + domain);
        return changes(domain, current, swapped, bare, administrator);
      }
    } catch (DirectoryException | LDAPException e) {
      throw new LabException("cannot follow slapd", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  private static Sample changes(
      FleetDomain domain,
      CurrentSnapshot current,
      Semaphore swapped,
      SyncListener bare,
      LDAPConnection administrator)
      throws LDAPException, LabException, InterruptedException {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] nanos = new long[CHANGES];
    long[] bareNanos = new long[CHANGES];
    long[] bytes = new long[CHANGES];
    for (int i = -WARM_UP; i < CHANGES; i++) {
      int number = 17 * (i + WARM_UP) % domain.ous();
      Dn ou = domain.ou(number);
      // Never the same text twice: the listener tells changes apart by it.
      String links = "[LDAP://" + FleetDomain.gpo((i + WARM_UP) * 3 % domain.gpos()) + ";0]";
      String text =
          links + domain.ouEntry(number, i + WARM_UP + 1).text(LdapAttribute.GP_LINK).orElse("");
      RsopQuery query = RsopQuery.of(domain.computerName(number));
      long before = threads.getTotalThreadAllocatedBytes();
      long start = System.nanoTime();
      administrator.modify(
          ou.toString(), new Modification(ModificationType.REPLACE, "gPLink", text));
      long seen = awaitInRsop(current, swapped, query, ou, text);
      long used = threads.getTotalThreadAllocatedBytes() - before;
      long bareSeen = bare.arrival(text);
      if (i < 0) continue;
      nanos[i] = seen - start;
      bareNanos[i] = bareSeen - start;
      bytes[i] = used;
    }
    return new Sample(nanos, bareNanos, bytes, current.view().orElseThrow().rsop().size());
  }

  /// @return when it was there, in System.nanoTime
  private static long awaitInRsop(
      CurrentSnapshot current, Semaphore swapped, RsopQuery query, Dn ou, String text)
      throws LabException, InterruptedException {
    Dn strongest = Dn.parse(text.substring(text.lastIndexOf("LDAP://") + 7, text.lastIndexOf(';')));
    Dn weakest = Dn.parse(text.substring("[LDAP://".length(), text.indexOf(';')));
    while (true) {
      var links =
          current.view().orElseThrow().rsop().resolve(query).links().stream()
              .filter(link -> link.som().equals(ou))
              .toList();
      boolean there =
          links.stream()
                  .anyMatch(l -> l.link().linkOrder() == 1 && l.link().gpo().equals(strongest))
              && links.stream().anyMatch(l -> l.link().gpo().equals(weakest));
      if (there) return System.nanoTime();
      if (!swapped.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
        throw new LabException("a changed link of " + ou + " is in no RSoP");
    }
  }
}
