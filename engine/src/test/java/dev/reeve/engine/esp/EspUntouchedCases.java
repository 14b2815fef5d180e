package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.spd.HostPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a change of policy leaves alone: associations of rules that stay as they were, and whatever
/// is somebody else's. Run by [EspIT] on a kernel with ESP.
class EspUntouchedCases extends InEspLab {

  /// What a asks of a port of b's; each rule has an offer of its own.
  private record Service(int rule, int port, Encryption encryption) {
    private IpsecRule at(String filter) {
      Integrity integrity = encryption.isAead() ? Integrity.NONE : Integrity.SHA256;
      return TestPolicies.offering(
          TestPolicies.rule("{R" + rule + "}", "require " + filter.formatted(port)),
          TestPolicies.offer(encryption, integrity));
    }

    static HostPolicy policy(String filter, Service... all) {
      return TestPolicies.of(Stream.of(all).map(one -> one.at(filter)).toList());
    }
  }

  private void apply(Service... all) throws Exception {
    lab().a.apply(Service.policy("me <> any#%d tcp", all));
    lab().b.apply(Service.policy("me#%d <> any tcp", all));
  }

  /// Of a's associations for that rule.
  private Set<String> spis(int number) throws Exception {
    var spis = new TreeSet<String>();
    for (var sa : lab().a.engine.observe().activity().quickModes())
      if (sa.rules().contains("rule {R" + number + "}"))
        spis.addAll(List.of(sa.spiIn(), sa.spiOut()));
    return spis;
  }

  @Test
  void a_change_of_one_rule_ends_its_associations_and_no_others() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    var stays = new Service(1, 80, Encryption.AES256_GCM);
    apply(stays, new Service(2, 88, Encryption.AES128_GCM));
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
    assertThat(a.reaches(b, 88)).as(a.log()).isTrue();
    Set<String> kept = spis(1);
    Set<String> changed = spis(2);
    assertThat(kept).isNotEmpty().doesNotContainAnyElementsOf(changed);
    assertThat(changed).isNotEmpty();

    apply(stays, new Service(2, 88, Encryption.AES256));
    assertThat(spis(1)).isEqualTo(kept);
    assertThat(spis(2)).doesNotContainAnyElementsOf(changed);
    assertThat(a.in("ip xfrm state")).doesNotContain(changed);
    b.settled().clear();
    assertThat(a.reaches(b, 80)).isTrue();
    assertThat(b.settled().seen(Kind.SECURED))
        .isNotEmpty()
        .allMatch(line -> kept.stream().anyMatch(line::contains));
    assertThat(a.reaches(b, 88)).as(a.log()).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();

    Set<String> second = spis(2);
    assertThat(second).isNotEmpty();
    apply(stays); // the other one is gone
    assertThat(spis(1)).isEqualTo(kept);
    assertThat(a.in("ip xfrm state")).doesNotContain(second).contains(kept);
    assertThat(a.reaches(b, 80)).isTrue();
    assertThat(spis(1)).isEqualTo(kept);
  }

  private static final String BEFORE_OURS =
      "ip xfrm policy add src 10.99.0.1/32 dst 10.99.0.2/32 dir out priority 7 action block";
  private static final String AFTER_OURS =
      "ip xfrm policy add src 10.99.0.1/32 dst 10.99.0.3/32 dir out priority 1610612736 action"
          + " block";

  /// Somebody else's connection with c in our charon, by which both are associated, and policies in
  /// the kernel before and after ours.
  @Test
  void what_is_somebody_elses_survives_all_that_becomes_of_ours() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    load(lab().c, a);
    load(a, lab().c);
    for (String line : List.of(BEFORE_OURS, AFTER_OURS)) a.in(line);
    try {
      try (var client = ViciClient.connect(a.charon.ensure())) {
        var unused =
            client.stream(
                "initiate",
                "control-log",
                ViciMessage.of(m -> m.put("child", "theirs").put("timeout", "20000")));
      }
      Set<String> theirs = theirs();
      assertThat(theirs)
          .anyMatch(line -> line.startsWith("association "))
          .contains("connection theirs", "key theirs")
          .filteredOn(line -> line.startsWith("policy "))
          .hasSize(4);

      for (String other : List.of("block me#23 <> any tcp", "block me#24 <> any tcp")) {
        a.apply(TestPolicies.of("require me <> " + b.v4, other));
        b.apply(TestPolicies.of("require me <> " + a.v4));
        assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
        assertThat(theirs()).isEqualTo(theirs);
        assertCarries();
      }
      a.engine.removeAll();
      assertThat(theirs()).isEqualTo(theirs);
      assertCarries();
    } finally {
      for (String line : List.of(BEFORE_OURS, AFTER_OURS))
        a.in(line.replace("add", "del").replaceFirst(" priority.*", ""));
      for (EspLab.Host host : List.of(a, lab().c)) host.charon.close();
    }
  }

  /// For TCP alone.
  private static void load(EspLab.Host host, EspLab.Host peer) throws Exception {
    byte[] key = "theirs".getBytes(StandardCharsets.US_ASCII);
    try (var client = ViciClient.connect(host.charon.ensure())) {
      client.change(
          "load-shared",
          ViciMessage.of(m -> m.put("id", "theirs").put("type", "IKE").put("data", key)));
      client.change(
          "load-conn",
          ViciMessage.of(m ->
              m.section(
                  "theirs",
                  connection ->
                      connection
                          .put("version", 2)
                          .list("local_addrs", List.of(host.v4))
                          .list("remote_addrs", List.of(peer.v4))
                          .section("local", end -> end.put("auth", "psk"))
                          .section("remote", end -> end.put("auth", "psk"))
                          .section(
                              "children",
                              all ->
                                  all.section(
                                      "theirs",
                                      child ->
                                          child
                                              .put("mode", "transport")
                                              .list("local_ts", List.of("dynamic[tcp]"))
                                              .list("remote_ts", List.of("dynamic[tcp]")))))));
    }
  }

  /// All that is somebody else's at a.
  private Set<String> theirs() throws Exception {
    EspLab.Host a = lab().a;
    var theirs = new TreeSet<String>();
    try (var client = ViciClient.connect(a.charon.ensure())) {
      for (ViciMessage listed : client.stream("list-conns", "list-conn", ViciMessage.EMPTY))
        for (var connection : listed.sections()) theirs.add("connection " + connection.name());
      for (String key : client.ask("get-shared", ViciMessage.EMPTY).list("keys"))
        theirs.add("key " + key);
    }
    theirs.removeIf(name -> name.contains(" reeve-"));
    for (ViciMessage child : children()) theirs.add("association " + child.text("spi-in"));
    a.in("ip -o xfrm policy")
        .lines()
        .filter(line -> line.contains("10.99.0.") || line.contains("10.68.0.3/32"))
        .forEach(line -> theirs.add("policy " + line.replaceAll("\\s+", " ")));
    return theirs;
  }

  private List<ViciMessage> children() throws Exception {
    var children = new ArrayList<ViciMessage>();
    try (var client = ViciClient.connect(lab().a.charon.ensure())) {
      for (ViciMessage listed : client.stream("list-sas", "list-sa", ViciMessage.EMPTY))
        for (var sa : listed.sections())
          if (sa.name().equals("theirs"))
            for (var child : sa.content().section("child-sas").sections())
              children.add(child.content());
    }
    return children;
  }

  private void assertCarries() throws Exception {
    long before = carried();
    assertThat(lab().a.reaches(lab().c, 80)).isTrue();
    assertThat(carried()).as("packets under their association").isGreaterThan(before);
  }

  private long carried() throws Exception {
    return children().stream()
        .mapToLong(child -> child.findNumber("packets-out").orElseThrow())
        .sum();
  }
}
