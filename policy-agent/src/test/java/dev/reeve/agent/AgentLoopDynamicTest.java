package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.agent.dynamic.DynamicRule;
import dev.reeve.engine.negotiate.NeededCrl;
import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

/// What an administrator changes and sees while the loop runs.
class AgentLoopDynamicTest extends SteppedLoop {

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
    var crls = List.of(new NeededCrl(new X500Principal("CN=Hosts"), Optional.empty()));
    var json = SightJson.write(event.reply().join(), loop.state(), true, crls, now.plusSeconds(90));

    assertThat(JsonText.write(json))
        .contains("\"name\":\"A\",\"store\":\"domain\"")
        .contains("\"ageSeconds\":90")
        .contains("\"ipsecExempt\":0")
        .contains("\"bootMode\":\"stateful\"")
        .contains("\"crls\":[{\"authority\":\"CN=Hosts\"}]")
        .contains("\"peer\":\"10.0.0.3\"");
  }
}
