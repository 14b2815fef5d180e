package dev.reeve.agent.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.agent.dynamic.DynamicRule.Act;
import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Store;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DynamicPolicyTest {

  static final Negotiate ESP =
      new Negotiate(
          "esp",
          List.of(
              new QuickModeOffer(
                  Optional.of(new Esp(Encryption.AES256_GCM, Integrity.NONE)),
                  Optional.empty(),
                  QuickModeOffer.DEFAULT_LIFETIME,
                  QuickModeOffer.DEFAULT_KILOBYTES,
                  PerfectForwardSecrecy.None.NONE)),
          false,
          false);

  static DynamicRule rule(String source, String destination, int port, Act in, Act out) {
    boolean negotiates = in == Act.NEGOTIATE || out == Act.NEGOTIATE;
    return new DynamicRule(
        new Filter(
            AddressSpec.parse(source),
            AddressSpec.parse(destination),
            IpProtocol.parse("tcp"),
            PortRange.ANY,
            PortRange.of(port),
            true,
            ""),
        negotiates ? "mm" : "",
        negotiates ? "qm" : "",
        in,
        out,
        negotiates ? List.of(AuthMethod.Kerberos.KERBEROS) : List.of(),
        Optional.empty(),
        NetworkType.ALL);
  }

  private static final DynamicRule BLOCK = rule("any", "me", 80, Act.BLOCK, Act.BLOCK);

  private static DynamicPolicy with(DynamicChange... changes) {
    DynamicPolicy policy = DynamicPolicy.NONE;
    for (DynamicChange change : changes) policy = policy.after(change);
    return policy;
  }

  private static DynamicPolicy negotiating(DynamicRule... rules) {
    DynamicPolicy policy =
        with(
            new DynamicChange.PutMainMode("mm", MainMode.DEFAULT, true),
            new DynamicChange.PutQuickMode("qm", ESP, true));
    for (DynamicRule rule : rules) policy = policy.after(new DynamicChange.PutRule(rule, true));
    return policy;
  }

  static List<DynamicChange> changes() {
    return List.of(
        new DynamicChange.PutMainMode("mm", MainMode.DEFAULT, true),
        new DynamicChange.PutQuickMode("qm", ESP, false),
        new DynamicChange.PutRule(BLOCK, true),
        new DynamicChange.PutRule(rule("me", "10.0.0.0/8", 1, Act.PERMIT, Act.NEGOTIATE), false),
        new DynamicChange.DeleteRule(BLOCK),
        new DynamicChange.DeleteMainModes(Optional.of("mm")),
        new DynamicChange.DeleteQuickModes(Optional.empty()),
        DynamicChange.DeleteAll.DELETE_ALL,
        new DynamicChange.Configure(HostSetting.IPSEC_EXEMPT, JsonValue.of(0)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void a_change_travels_as_it_is(DynamicChange change) {
    String text = JsonText.write(change.toJson());
    assertThat(DynamicChange.read(JsonMembers.of("$", JsonText.parse(text)))).isEqualTo(change);
  }

  @Test
  void a_rule_stands_among_those_of_the_policy() {
    HostPolicy policy = with(new DynamicChange.PutRule(BLOCK, true)).over(HostPolicy.EMPTY);
    var entries = SymbolicSpd.of(policy).resolve(HostView.NONE).entries();
    assertThat(entries).hasSize(2);
    assertThat(entries).allMatch(entry -> entry.origin().store() == Store.DYNAMIC);
    assertThat(entries.getFirst().action()).hasToString("block");
  }

  /// What each direction becomes: `me` is the source, the peer's port is 1.
  @ParameterizedTest(name = "in {0}, out {1}")
  @CsvSource({
    "block, block, block, block",
    "permit, permit, permit, permit",
    "negotiate, negotiate, require, require",
    "permit, negotiate, 'require, pass-through', 'require, pass-through'",
    "negotiate, permit, require, permit",
    "block, permit, block, permit",
    "block, negotiate, block, require"
  })
  void directions(String in, String out, String inbound, String outbound) {
    var policy =
        negotiating(rule("me", "10.0.0.1", 1, Act.parse(in), Act.parse(out)))
            .over(HostPolicy.EMPTY);
    var entries = SymbolicSpd.of(policy).resolve(HostView.NONE).entries();
    assertThat(entries).hasSize(2);
    for (var entry : entries) {
      boolean leaves = entry.selector().source().toString().equals("me");
      assertThat(entry.action()).hasToString(leaves ? outbound : inbound);
    }
  }

  @Test
  void directions_are_told_apart_by_me_alone() {
    assertThatThrownBy(() -> rule("any", "any", 1, Act.BLOCK, Act.PERMIT))
        .hasMessageContaining("only when one end of the filter is me");
  }

  @Test
  void what_is_there_is_not_added_again_and_what_is_not_is_not_changed() {
    var policy = with(new DynamicChange.PutRule(BLOCK, true));
    assertThatThrownBy(() -> policy.after(new DynamicChange.PutRule(BLOCK, true)))
        .hasMessageContaining("already; change it with 'set rule'");
    var other = rule("any", "me", 81, Act.BLOCK, Act.BLOCK);
    assertThatThrownBy(() -> policy.after(new DynamicChange.PutRule(other, false)))
        .hasMessageContaining("no dynamic rule is for any <-> me port 81 tcp");
    assertThatThrownBy(() -> policy.after(new DynamicChange.DeleteRule(other)))
        .hasMessageContaining("rules of a policy are changed where the policy is");
    assertThat(policy.after(new DynamicChange.DeleteRule(BLOCK)).isNothing()).isTrue();
  }

  @Test
  void a_rule_needs_its_policies_and_they_stay_while_it_does() {
    var rule = rule("me", "10.0.0.1", 1, Act.NEGOTIATE, Act.NEGOTIATE);
    assertThatThrownBy(() -> with(new DynamicChange.PutRule(rule, true)))
        .hasMessage("no dynamic mmpolicy is called 'mm'; there is none");
    var policy = negotiating(rule);
    assertThatThrownBy(() -> policy.after(new DynamicChange.DeleteQuickModes(Optional.of("qm"))))
        .hasMessageContaining("delete that first");
    assertThatThrownBy(() -> policy.after(new DynamicChange.DeleteMainModes(Optional.empty())))
        .hasMessageContaining("delete that first");
    assertThat(policy.after(DynamicChange.DeleteAll.DELETE_ALL).isNothing()).isTrue();
  }

  @Test
  void settings_replace_those_of_the_policy() {
    var policy =
        with(new DynamicChange.Configure(HostSetting.IPSEC_EXEMPT, JsonValue.of(0)))
            .over(HostPolicy.EMPTY);
    assertThat(policy.settings().ipsecExempt()).isZero();
    assertThatThrownBy(
            () -> with(new DynamicChange.Configure(HostSetting.IPSEC_EXEMPT, JsonValue.of(4))))
        .hasMessageContaining("found 4, expected 0..3");
  }
}
