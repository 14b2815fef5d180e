package dev.reeve.schema.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.Som;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.read.SnapshotBuilder;
import dev.reeve.schema.read.SnapshotText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The sample domain is what its comments say.
class CorpLdifTest {

  private static final LdifFile.Contents FILE = LdifFile.parse(resource("/samples/corp.ldif"));
  private static final DirectorySnapshot CORP = build(FILE);

  @Test
  void it_reads_without_a_problem() {
    assertThat(CORP.problems()).isEmpty();
  }

  @Test
  void it_has_the_size_of_a_believable_company() {
    assertThat(CORP.computers()).hasSize(31);
    assertThat(CORP.gpos()).hasSize(10);
    assertThat(CORP.policies()).hasSize(3 + CorpPolicies.all().size());
    assertThat(CORP.subnets()).hasSize(4);
    assertThat(CORP.soms().values().stream().filter(s -> s.kind() == Som.Kind.OU)).hasSize(11);
    assertThat(CORP.sites()).hasSize(2);
  }

  @Test
  void its_modern_policies_are_the_ones_meant() {
    for (IpsecPolicy policy : CorpPolicies.all()) {
      Dn dn = CorpPolicies.CONTAINER.child("CN", "ipsecPolicy" + policy.id());
      assertThat(CORP.findPolicy(dn)).as(policy.name()).contains(new PolicyEntry.Readable(policy));
    }
  }

  @Test
  void every_policy_is_readable_and_every_assignment_leads_to_one() {
    assertThat(CORP.policies().values()).allMatch(p -> p instanceof PolicyEntry.Readable);
    for (GpoEntry entry : CORP.gpos().values()) {
      if (entry instanceof Gpo gpo && gpo.ipsecPolicy() instanceof PolicyPointer.To(var policy))
        assertThat(CORP.findPolicy(policy)).as(gpo.name()).isPresent();
    }
  }

  @Test
  void every_link_leads_to_a_gpo() {
    for (Som som : CORP.soms().values())
      assertThat(som.links()).allMatch(link -> CORP.findGpo(link.gpo()).isPresent());
  }

  @Test
  void links_are_as_described() {
    assertThat(links("DC=corp,DC=example"))
        .containsExactly("Corp Host Settings!", "Corp Baseline", "Default Domain Policy");
    assertThat(links("OU=Web,OU=Servers,DC=corp,DC=example")).containsExactly("Web Servers");
    assertThat(links("OU=Workstations,DC=corp,DC=example"))
        .containsExactly("Legacy Clients~", "Workstations");
    assertThat(som("OU=Kiosks,OU=Workstations,DC=corp,DC=example").blocksInheritance()).isTrue();
    assertThat(
            CORP.soms().values().stream()
                .flatMap(s -> s.links().stream())
                .map(link -> gpo(link.gpo()).name()))
        .doesNotContain("Web Lockdown");
  }

  @Test
  void gpos_are_as_described() {
    assertThat(named("Finance Isolation").securityFilter())
        .isInstanceOf(SecurityFilter.Groups.class);
    assertThat(named("Corp Host Settings").settings().ipsecExempt()).isEqualTo(3);
    assertThat(named("Corp Host Settings").ipsecPolicy()).isEqualTo(PolicyPointer.None.NONE);
    assertThat(named("Legacy Clients").ipsecPolicy())
        .isEqualTo(
            new PolicyPointer.To(
                Dn.parse(
                    "CN=ipsecPolicy{72385236-70FA-11D1-864C-14A300000000},"
                        + "CN=IP Security,CN=System,DC=corp,DC=example")));
  }

  @Test
  void the_agents_of_the_demo_are_where_it_looks_for_them() {
    assertThat(address("CN=web-01,OU=Web,OU=Servers")).contains("10.77.10.11");
    assertThat(address("CN=db-01,OU=Database,OU=Servers")).contains("10.77.10.12");
    assertThat(address("CN=client-01,OU=Engineering,OU=Workstations")).contains("10.77.10.21");
  }

  @Test
  void groups_nest() {
    Dn files = Dn.parse("CN=files-01,OU=Files,OU=Servers,DC=corp,DC=example");
    assertThat(CORP.groupsOf(files, Set.of()))
        .extracting(Dn::name)
        .containsExactlyInAnyOrder("File Servers", "All Servers", "Finance Hosts");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_order_of_entries_does_not_matter(int seed) {
    var shuffled = new ArrayList<>(FILE.entries());
    Collections.shuffle(shuffled, new Random(seed));
    var snapshot = build(new LdifFile.Contents(shuffled, List.of()));
    assertThat(SnapshotText.of(snapshot)).isEqualTo(SnapshotText.of(CORP));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_order_of_entries_does_not_matter_when_some_are_missing_either(int seed) {
    var random = new Random(seed);
    var entries = new ArrayList<>(FILE.entries());
    entries.removeIf(_ -> random.nextInt(8) == 0);
    String first = SnapshotText.of(build(new LdifFile.Contents(entries, List.of())));
    Collections.shuffle(entries, random);
    assertThat(SnapshotText.of(build(new LdifFile.Contents(entries, List.of())))).isEqualTo(first);
  }

  static IntStream seeds() {
    return IntStream.range(0, 25);
  }

  private static List<String> links(String dn) {
    return som(dn).links().stream()
        .map(l -> gpo(l.gpo()).name() + (l.enforced() ? "!" : "") + (l.enabled() ? "" : "~"))
        .toList();
  }

  private static Som som(String dn) {
    return CORP.findSom(Dn.parse(dn)).orElseThrow();
  }

  private static Gpo gpo(Dn dn) {
    return (Gpo) CORP.findGpo(dn).orElseThrow();
  }

  private static Gpo named(String name) {
    return CORP.gpos().values().stream()
        .map(Gpo.class::cast)
        .filter(g -> g.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> address(String dn) {
    Computer computer = CORP.findComputer(Dn.parse(dn + ",DC=corp,DC=example")).orElseThrow();
    return computer.addresses().stream().map(Object::toString).toList();
  }

  private static DirectorySnapshot build(LdifFile.Contents contents) {
    return SnapshotBuilder.build(contents, _ -> SealedSecret.ofBytes(new byte[] {1}));
  }

  static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(CorpLdifTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
