package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.EPOCH;
import static dev.reeve.agent.TestBundles.HOST;
import static dev.reeve.agent.TestBundles.NOON;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.objects;
import static dev.reeve.agent.TestBundles.policy;
import static dev.reeve.agent.TestBundles.policyBytes;
import static dev.reeve.agent.TestBundles.seal;
import static dev.reeve.agent.TestBundles.seals;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.AgentEvent.BundleArrived;
import dev.reeve.agent.disk.BundleCache;
import dev.reeve.agent.disk.LocalStores;
import dev.reeve.agent.disk.RuleFiles;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.agent.dynamic.DynamicRule;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loop without its thread: an event in, and what became of it.
class AgentLoopTest {

  @TempDir Path directory;

  private final FakeEngine engine = new FakeEngine();
  private final List<StatusReport> reports = new ArrayList<>();
  private final BundleGate gate = new BundleGate(seals());
  private LocalStores stores = LocalStores.NONE;
  private HostView view = HostView.NONE;
  private long links;
  private int linkChanges;
  private Instant now = NOON;
  private Duration uptime = Duration.ZERO;
  private AgentLoop loop;

  @BeforeEach
  void start() throws IOException {
    loop = restarted(true);
  }

  private AgentLoop restarted(boolean joined) throws IOException {
    var cache = StateDirectory.open(directory).bundles();
    BundleCache.Loaded loaded = cache.load(HOST, EPOCH, Instant.EPOCH, gate);
    var made =
        new AgentLoop(
            engine,
            joined ? Optional.of(new AgentLoop.Domain(gate, cache, loaded)) : Optional.empty(),
            new AgentLoop.Surroundings(
                () -> stores,
                () -> (long) stores.hashCode(),
                _ -> view,
                new RuleFiles(directory, Files.createDirectories(directory.resolve("run"))),
                () -> links,
                () -> false),
            new AgentLoop.Timers(
                Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMinutes(15)),
            AgentState.first("fake", Contact.none(NOON, ""), loaded.problems()),
            reports::add,
            () -> linkChanges++,
            () -> now,
            () -> uptime);
    made.start();
    return made;
  }

  private PollOutcome arrives(Manifest manifest, byte[]... objects) {
    var event =
        new BundleArrived(
            seal(manifest),
            "\"" + manifest.version().number() + "\"",
            objects(objects),
            new CompletableFuture<>());
    loop.handle(event);
    return event.reply().join();
  }

  private void after(Duration time) {
    uptime = uptime.plus(time);
    now = now.plus(time);
    loop.tick();
  }

  private StatusReport lastReport() {
    return reports.getLast();
  }

  @Test
  void a_store_that_changed_is_taken_up_at_the_next_look() throws IOException {
    loop = restarted(false);
    stores = new LocalStores(Optional.of(policy("Local")), Optional.empty(), Map.of());
    after(Duration.ofSeconds(2));
    assertThat(engine.asked.getLast().local()).contains(policy("Local"));
    stores = LocalStores.NONE;
    after(Duration.ofSeconds(2));
    assertThat(engine.asked.getLast().local()).isEmpty();
  }

  @Test
  void a_bundle_is_admitted_kept_applied_and_reported() {
    var outcome =
        (PollOutcome.Arrived) arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(outcome.news()).isTrue();
    assertThat(outcome.outcome()).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().running()).isEqualTo(EPOCH + "/1");
    assertThat(lastReport().outcome()).isEqualTo("applied");
  }

  @Test
  void after_a_restart_the_cached_policy_is_in_force_before_anybody_is_asked() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty();
    loop = restarted(true);
    assertThat(engine.domain()).contains("A");
  }

  @Test
  void an_expired_policy_stays_in_force_and_that_is_said() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    now = NOON.plus(Duration.ofDays(365));
    engine.holds = Optional.empty();
    loop = restarted(true);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("expired"));
  }

  @Test
  void what_other_secrets_make_the_engine_do_is_no_drift() {
    byte[] secrets =
        new HostSecrets(Map.of(Digest.of(new byte[] {1}), SealedSecret.ofBytes(new byte[] {2})))
            .toBytes();
    Manifest plain = manifest(1, content(policyBytes("A")));
    arrives(plain, policyBytes("A"));
    engine.holds = Optional.empty(); // a rule can be negotiated now
    arrives(
        new Manifest(
            plain.host(),
            plain.version().next(),
            plain.computer(),
            plain.issued(),
            plain.expires(),
            plain.policy(),
            plain.persistent(),
            plain.settings(),
            plain.provenance(),
            Optional.of(Digest.of(secrets)),
            Optional.empty(),
            Optional.empty()),
        policyBytes("A"),
        secrets);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).isEmpty();
    assertThat(loop.state().kept().current().orElseThrow().secrets().sealed()).hasSize(1);

    engine.holds = Optional.empty(); // somebody else did that
    after(Duration.ofSeconds(60));
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("repaired"));
  }

  @Test
  void what_other_peers_make_the_engine_do_is_no_drift_and_no_change_of_policy() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    after(Duration.ofSeconds(10));
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    Map<Store, Instant> changed = sight().changed();
    assertThat(changed).containsExactly(Map.entry(Store.DOMAIN, now));

    engine.otherPeers = true;
    engine.holds = Optional.empty(); // a peer is let in
    after(Duration.ofSeconds(10));

    assertThat(engine.domain()).contains("B");
    assertThat(lastReport().problems()).isEmpty();
    assertThat(sight().changed()).isEqualTo(changed);
  }

  private Sight sight() {
    var event = new AgentEvent.SightAsked(new CompletableFuture<>());
    loop.handle(event);
    return event.reply().join();
  }

  @Test
  void a_refused_bundle_leaves_the_last_good_one_and_is_reported() {
    arrives(manifest(5, content(policyBytes("A"))), policyBytes("A"));
    PollOutcome outcome = arrives(manifest(4, content(policyBytes("B"))), policyBytes("B"));
    assertThat(outcome)
        .isEqualTo(new PollOutcome.Refused(Refusal.ROLLED_BACK, "have 5, offered 4"));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().refused()).containsExactly("ROLLED_BACK: have 5, offered 4");
    assertThat(loop.state().etag()).isEqualTo("\"5\"");
  }

  @Test
  void the_same_refusal_again_is_counted_and_not_reported_again() {
    for (int i = 0; i < 5; i++) {
      arrives(manifest(1, content(policyBytes("A")))); // without its policy
    }
    assertThat(loop.state().refusals().values()).containsExactly(5);
    assertThat(reports.stream().filter(r -> !r.refused().isEmpty())).hasSize(1);
  }

  @Test
  void a_refusal_is_past_once_the_server_says_something_useful() {
    arrives(manifest(1, content(policyBytes("A"))));
    loop.handle(
        new AgentEvent.ServerState(Contact.none(NOON, "").answered("s", NOON, Optional.empty())));
    assertThat(lastReport().refused()).isEmpty();
  }

  @Test
  void unknown_keeps_the_policy() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    arrives(manifest(2, Part.Unknown.UNKNOWN));
    assertThat(engine.domain()).contains("A");
    assertThat(loop.state().running().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void unassigned_withdraws_it() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    arrives(manifest(2, Part.None.NONE));
    assertThat(engine.holds).contains(HostPolicy.EMPTY);
  }

  @Test
  void unassigned_gives_way_to_the_local_store() {
    stores = new LocalStores(Optional.of(policy("L")), Optional.empty(), Map.of());
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(engine.holds.orElseThrow().active()).contains(policy("A"));
    arrives(manifest(2, Part.None.NONE));
    assertThat(engine.holds.orElseThrow().active()).contains(policy("L"));
  }

  @Test
  void a_host_that_never_joined_lives_on_its_local_stores() throws IOException {
    stores = new LocalStores(Optional.of(policy("L")), Optional.of(policy("P")), Map.of());
    loop = restarted(false);
    assertThat(engine.holds.orElseThrow().active()).contains(policy("L"));
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));
  }

  @Test
  void a_host_that_joined_and_knows_nothing_leaves_the_kernel_alone() {
    assertThat(engine.asked).isEmpty();
    assertThat(lastReport().detail()).contains("left as it is");
  }

  @Test
  void a_torn_cache_opens_nothing_and_is_reported() throws IOException {
    arrives(manifest(3, content(policyBytes("A"))), policyBytes("A"));
    Files.writeString(directory.resolve("bundles/index.json"), "{\"v\":1");
    loop = restarted(true);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.startsWith("cache refused"));
    assertThat(arrives(manifest(2, Part.None.NONE))).isInstanceOf(PollOutcome.Refused.class);
    assertThat(arrives(manifest(3, content(policyBytes("A"))), policyBytes("A")))
        .isInstanceOf(PollOutcome.Arrived.class);
  }

  @Test
  void what_cannot_be_kept_is_not_applied() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    Path index = directory.resolve("bundles/index.json");
    Files.delete(index);
    Files.createDirectories(index.resolve("in-the-way")); // no rename gets past this
    PollOutcome outcome = arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(outcome).isInstanceOf(PollOutcome.Failed.class);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().refused()).anyMatch(r -> r.startsWith("NOT_KEPT"));
    assertThat(loop.state().gate().orElseThrow().floor().number()).isEqualTo(1);
  }

  @Test
  void an_engine_that_fails_is_reported_and_retried_ever_more_slowly() {
    engine.broken = true;
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(lastReport().outcome()).isEqualTo("failed");
    assertThat(lastReport().detail()).contains("the kernel says no");
    int before = engine.asked.size();
    for (int second = 0; second < 3600; second++) after(Duration.ofSeconds(1));
    assertThat(engine.asked.size() - before).isBetween(10, 25);
    engine.broken = false;
    after(Duration.ofMinutes(5));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().outcome()).isEqualTo("applied");
  }

  @Test
  void drift_that_the_engine_notices_is_repaired_at_the_next_look_and_reported() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty(); // somebody deleted our table
    engine.changed = true;
    after(Duration.ofSeconds(2));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("repaired"));
  }

  @Test
  void others_who_change_their_own_tables_all_the_time_cost_one_compare_a_look() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int compared = engine.asked.size();
    int reported = reports.size();
    for (int half = 0; half < 20; half++) {
      engine.changed = true;
      after(Duration.ofMillis(500));
    }
    assertThat(engine.asked).hasSize(compared + 5);
    assertThat(reports).hasSize(reported);
    assertThat(lastReport().problems()).isEmpty();
  }

  @Test
  void a_dry_run_says_that_nothing_is_enforced_as_long_as_something_should_be() {
    engine.rules =
        List.of(new RuleStatus("{R}", "web", RuleStatus.State.NOT_ENFORCED, "shown, not done"));
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(lastReport().problems())
        .containsExactly("dry run: nothing is enforced, though 1 rules should be");
    engine.rules = List.of();
    arrives(manifest(2, Part.None.NONE));
    assertThat(lastReport().problems()).isEmpty();
  }

  @Test
  void drift_that_nothing_tells_of_is_repaired_within_a_minute_and_reported() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty(); // somebody flushed the ruleset
    after(Duration.ofSeconds(59));
    assertThat(engine.domain()).isEmpty();
    after(Duration.ofSeconds(1));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("repaired"));
  }

  @Test
  void a_check_that_is_asked_for_repairs_at_once() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty();
    var check = new AgentEvent.CheckAsked(new CompletableFuture<>());
    loop.handle(check);
    assertThat(check.reply().join()).containsInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.domain()).contains("A");
  }

  @Test
  void a_new_address_is_applied_and_the_server_asked_anew() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int before = engine.asked.size();
    links = 42;
    after(Duration.ofSeconds(2));
    assertThat(linkChanges).isEqualTo(1);
    assertThat(engine.asked).hasSize(before + 1);
  }

  @Test
  void reports_come_at_least_every_15_minutes() {
    int before = reports.size();
    for (int minute = 0; minute < 60; minute++) after(Duration.ofMinutes(1));
    assertThat(reports.size() - before).isEqualTo(4);
  }

  @Test
  void a_clock_that_is_off_is_a_problem() {
    var contact = Contact.none(NOON, "").answered("s", NOON, Optional.of(NOON.plusSeconds(600)));
    loop.handle(new AgentEvent.ServerState(contact));
    assertThat(lastReport().problems())
        .containsExactly("this host's clock is 10 min behind the server's");
  }

  @Test
  void a_bundle_is_confirmed_by_an_answer_that_came_after_it_was_applied() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    var none = Contact.none(NOON, "");
    loop.handle(new AgentEvent.ServerState(none.answered("s", now, Optional.empty())));
    assertThat(loop.state().kept().currentIsConfirmed()).isFalse();
    loop.handle(
        new AgentEvent.ServerState(none.answered("s", now.plusSeconds(1), Optional.empty())));
    assertThat(loop.state().kept().currentIsConfirmed()).isTrue();
  }

  @Test
  void the_pause_between_retries_is_bounded() {
    assertThat(AgentLoop.retryPause(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(AgentLoop.retryPause(4)).isEqualTo(Duration.ofSeconds(8));
    assertThat(AgentLoop.retryPause(30)).isEqualTo(Duration.ofMinutes(5));
  }

  private String rules(String file) throws IOException {
    Path path = directory.resolve(file);
    return Files.exists(path) ? Files.readString(path) : "none";
  }

  @Test
  void the_rules_for_boot_follow_the_policy_and_the_ones_before_are_kept() throws IOException {
    assertThat(rules("boot/boot.nft")).as("nothing is known yet").isEqualTo("none");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: B");
    assertThat(rules("boot/boot.nft.previous")).isEqualTo("at boot: A");
    assertThat(rules("run/gate.nft")).isEqualTo("now: B");
  }

  @Test
  void what_could_not_be_applied_is_for_boot_alone() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.broken = true;
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: B");
    assertThat(rules("run/gate.nft")).isEqualTo("now: A");
  }

  @Test
  void rules_that_cannot_be_kept_are_a_problem_until_they_are() throws IOException {
    engine.refusesBootRules = true;
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(lastReport().outcome()).isEqualTo("applied");
    assertThat(lastReport().problems())
        .contains("the rules for the next boot are older than the policy: no such table");
    engine.refusesBootRules = false;
    after(Duration.ofSeconds(60));
    assertThat(lastReport().problems()).isEmpty();
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: A");
  }

  /// Each report has what the engine observes, too.
  private int counted() {
    return engine.observed - reports.size();
  }

  @Test
  void counters_are_logged_as_often_as_is_set_and_only_where_diagnostics_are() throws IOException {
    byte[] loud =
        JsonText.writeBytes(
            new HostSettings(
                    Map.of(
                        HostSetting.IPSEC_DIAGNOSTICS, JsonValue.of(1),
                        HostSetting.IPSEC_LOG_INTERVAL, JsonValue.of(600)))
                .toJson());
    Manifest quiet = manifest(1, content(policyBytes("A")));
    arrives(quiet, policyBytes("A"));
    after(Duration.ofHours(2));
    assertThat(counted()).isZero();

    arrives(
        new Manifest(
            quiet.host(),
            quiet.version().next(),
            quiet.computer(),
            quiet.issued(),
            quiet.expires(),
            quiet.policy(),
            quiet.persistent(),
            content(loud),
            quiet.provenance(),
            quiet.secrets(),
            Optional.empty(),
            Optional.empty()),
        policyBytes("A"),
        loud);
    after(Duration.ofSeconds(1));
    assertThat(counted()).isEqualTo(1);
    after(Duration.ofSeconds(599));
    assertThat(counted()).isEqualTo(1);
    after(Duration.ofSeconds(1));
    assertThat(counted()).isEqualTo(2);
  }

  private Changed change(DynamicChange change) {
    var event = new AgentEvent.DynamicAsked(change, new CompletableFuture<>());
    loop.handle(event);
    return event.reply().join();
  }

  private static DynamicChange block(int port) {
    return new DynamicChange.PutRule(
        new DynamicRule(
            new Filter(
                AddressSpec.Any.ANY,
                AddressSpec.Me.ME,
                IpProtocol.parse("tcp"),
                PortRange.ANY,
                PortRange.of(port),
                true,
                ""),
            "",
            "",
            DynamicRule.Act.BLOCK,
            DynamicRule.Act.BLOCK,
            List.of(),
            Optional.empty(),
            NetworkType.ALL),
        true);
  }

  @Test
  void a_dynamic_rule_acts_at_once_outlives_drift_and_ends_with_the_process() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(change(block(80))).isInstanceOf(Changed.Done.class);
    assertThat(engine.holds.orElseThrow().dynamic()).hasSize(1);
    assertThat(engine.domain()).contains("A");

    engine.holds = Optional.empty(); // somebody took it away
    after(Duration.ofMinutes(2));
    assertThat(engine.holds.orElseThrow().dynamic()).hasSize(1);
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(engine.holds.orElseThrow().dynamic()).as("over the next policy too").hasSize(1);

    loop = restarted(true);
    assertThat(engine.domain()).contains("B");
    assertThat(engine.holds.orElseThrow().dynamic()).isEmpty();
  }

  @Test
  void a_dynamic_change_that_cannot_be_applied_is_taken_back() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.beforeApply = () -> engine.broken = !engine.broken;
    assertThat(change(block(80))).isInstanceOf(Changed.Failed.class);
    assertThat(engine.holds.orElseThrow().dynamic()).isEmpty();
    engine.beforeApply = () -> {};
  }

  @Test
  void a_dynamic_change_that_makes_no_sense_changes_nothing() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int before = engine.asked.size();
    assertThat(change(new DynamicChange.DeleteMainModes(Optional.of("x"))))
        .isEqualTo(new Changed.Refused("no dynamic mmpolicy is called 'x'; there is none"));
    assertThat(engine.asked).hasSize(before);
  }

  @Test
  void nothing_dynamic_replaces_what_a_host_that_knows_nothing_may_still_hold() {
    assertThat(change(block(80))).isInstanceOf(Changed.Refused.class);
    assertThat(engine.asked).isEmpty();
  }

  @Test
  void a_sight_has_the_policy_its_origin_and_what_happens_now() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    change(new DynamicChange.Configure(HostSetting.IPSEC_EXEMPT, JsonValue.of(0)));
    engine.activity = activity("10.0.0.3");
    var event = new AgentEvent.SightAsked(new CompletableFuture<>());
    loop.handle(event);
    var json = SightJson.write(event.reply().join(), loop.state(), true, now.plusSeconds(90));

    assertThat(JsonText.write(json))
        .contains("\"name\":\"A\",\"store\":\"domain\"")
        .contains("\"ageSeconds\":90")
        .contains("\"ipsecExempt\":0")
        .contains("\"bootMode\":\"stateful\"")
        .contains("\"peer\":\"10.0.0.3\"");
  }

  private IpsecActivity activity(String peer) {
    var failure =
        new PeerFailure(peer, PeerFailure.Reason.NO_ANSWER, "it does not", now, now, 1, true);
    return IpsecActivity.of(List.of(), List.of(), List.of(), List.of(failure), new TreeMap<>());
  }

  @Test
  void a_peer_that_cannot_be_agreed_with_is_reported_within_a_minute_and_once() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int before = reports.size();
    engine.activity = activity("10.0.0.3");
    for (int second = 0; second < 120; second++) after(Duration.ofSeconds(1));
    assertThat(reports).hasSize(before + 1);
    assertThat(lastReport().activity().orElseThrow().failures())
        .extracting(PeerFailure::peer)
        .containsExactly("10.0.0.3");
  }
}
