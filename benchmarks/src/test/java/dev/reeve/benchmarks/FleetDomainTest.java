package dev.reeve.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.rsop.LinkVerdict;
import dev.reeve.model.rsop.Reason;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.read.SnapshotBuilder;
import dev.reeve.server.secrets.Vault;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/// What `rsop-all` counts as a class of hosts.
class FleetDomainTest {

  private static final FleetDomain SMALL = new FleetDomain(4_000, 20, 99, 20);

  @Test
  void groups_and_facts_that_filters_mention_tell_hosts_of_one_ou_apart_and_nothing_else_does() {
    DirectorySnapshot snapshot =
        SnapshotBuilder.build(SMALL.entries(), new Vault(new byte[Vault.KEY_BYTES]));
    assertThat(snapshot.problems()).isEmpty();
    var classes = new RsopClasses(snapshot);
    var withoutFacts = new RsopClasses(snapshot);
    var denials = EnumSet.noneOf(Reason.class);
    int filteredAndApplied = 0;
    for (int i = 0; i < SMALL.computers(); i++) {
      RsopQuery host = SMALL.query(i);
      Rsop rsop = classes.resolve(host);
      if (i % 7 == 0) assertThat(rsop).isEqualTo(Rsop.resolve(snapshot, host));
      var unused = withoutFacts.resolve(RsopQuery.of(host.computer()));
      for (LinkVerdict verdict : rsop.links()) {
        verdict.reason().ifPresent(denials::add);
        if (verdict.applied() && verdict.gpo().orElseThrow().factFilter().isPresent())
          filteredAndApplied++;
      }
    }

    assertThat(denials).contains(Reason.SECURITY_FILTERED, Reason.FACT_FILTERED);
    assertThat(filteredAndApplied).isGreaterThan(SMALL.computers() / 10);
    assertThat(classes.size()).isGreaterThan(withoutFacts.size()).isLessThan(SMALL.computers() / 4);
  }
}
