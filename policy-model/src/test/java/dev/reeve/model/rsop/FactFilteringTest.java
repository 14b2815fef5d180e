package dev.reeve.model.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What an answer of a fact filter does to its GPO, and which facts tell hosts apart.
class FactFilteringTest {

  private static RsopQuery query(String computer, Map<String, String> facts) {
    return new RsopQuery(
        TestDirectory.dn(computer), Optional.empty(), Optional.empty(), List.of(), Set.of(), facts);
  }

  private static TestDirectory directory(String... queries) {
    return new TestDirectory()
        .som("DC=corp", "Base")
        .som("OU=Web", "Filtered")
        .factFilter("f", queries)
        .gpo(
            "Filtered",
            g -> TestDirectory.with(g, Map.of(), Optional.of(TestDirectory.factFilterDn("f"))))
        .computer("CN=a,OU=Web")
        .computer("CN=b,OU=Web");
  }

  @Test
  void a_filter_decides_whether_its_gpo_applies() {
    var snapshot = directory("SELECT * FROM Facts WHERE os='debian'").snapshot();

    Rsop debian = Rsop.resolve(snapshot, query("CN=a,OU=Web", Map.of("os", "debian")));
    Rsop fedora = Rsop.resolve(snapshot, query("CN=a,OU=Web", Map.of("os", "fedora")));

    assertThat(TestDirectory.shown(debian.assignment())).isEqualTo("Filtered");
    assertThat(TestDirectory.shown(fedora.assignment())).isEqualTo("Base");
    assertThat(fedora.problems()).isEmpty();
  }

  @Test
  void what_cannot_be_evaluated_denies_and_is_a_problem() {
    var snapshot = directory("SELECT * FROM Win32_Battery").snapshot();

    Rsop rsop = Rsop.resolve(snapshot, query("CN=a,OU=Web", FactFilterTest.FACTS));

    assertThat(TestDirectory.shown(rsop.assignment())).isEqualTo("Base");
    assertThat(rsop.problems())
        .extracting(Problem::code)
        .containsExactly(Problem.Code.FACT_FILTER_NOT_EVALUATED);
    assertThat(rsop.problems().getFirst().dn())
        .isEqualTo(TestDirectory.factFilterDn("f").toString());
  }

  @Test
  void only_mentioned_facts_tell_hosts_apart() {
    var classes =
        new RsopClasses(
            directory(
                    "SELECT os FROM Facts WHERE os='debian'",
                    "SELECT * FROM Win32_ComputerSystem WHERE Model LIKE '%' OR NOT Name IS NULL",
                    "not a query")
                .snapshot());
    var hosts = new ArrayList<Map<String, String>>();
    for (int i = 0; i < 10; i++)
      hosts.add(
          Map.of("OS", "debian", "address", "10.0.0." + i, "kernel", "6." + i, "hostname", "a"));

    for (var facts : hosts) {
      RsopQuery query = query("CN=a,OU=Web", facts);
      assertThat(classes.resolve(query)).isEqualTo(Rsop.resolve(classes.snapshot(), query));
    }
    assertThat(classes.size()).isEqualTo(1);
    classes.resolve(query("CN=b,OU=Web", Map.of("os", "debian", "hostname", "b")));
    assertThat(classes.size()).isEqualTo(2);
  }
}
