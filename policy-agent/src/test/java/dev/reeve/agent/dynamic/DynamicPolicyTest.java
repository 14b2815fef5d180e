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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final MainMode OTHER =
      new MainMode(false, 3, MainMode.DEFAULT.lifetime(), MainMode.DEFAULT.proposals());
  private static final Negotiate SOFT = new Negotiate("esp", ESP.offers(), true, true);

  /// There are the mmpolicy `mm`, the qmpolicy `qm` and a rule for port 80.
  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          add    | mmpolicy | mm    | mmpolicy 'mm' exists already; change it with 'set mmpolicy'
          add    | mmpolicy | other | mm, other; qm; 80 block
          set    | mmpolicy | mm    | mm changed; qm; 80 block
          set    | mmpolicy | other | no dynamic mmpolicy is called 'other'; there are mm
          delete | mmpolicy | mm    | ; qm; 80 block
          delete | mmpolicy | all   | ; qm; 80 block
          delete | mmpolicy | other | no dynamic mmpolicy is called 'other'; there are mm
          add    | qmpolicy | qm    | qmpolicy 'qm' exists already; change it with 'set qmpolicy'
          add    | qmpolicy | other | mm; other, qm; 80 block
          set    | qmpolicy | qm    | mm; qm changed; 80 block
          set    | qmpolicy | other | no dynamic qmpolicy is called 'other'; there are qm
          delete | qmpolicy | qm    | mm; ; 80 block
          delete | qmpolicy | all   | mm; ; 80 block
          delete | qmpolicy | other | no dynamic qmpolicy is called 'other'; there are qm
          add    | rule     | 80    | there is a dynamic rule for any <-> me port 80 tcp already; change it with 'set rule'
          add    | rule     | 81    | mm; qm; 80 block, 81 permit
          set    | rule     | 80    | mm; qm; 80 permit
          set    | rule     | 81    | no dynamic rule is for any <-> me port 81 tcp; rules of a policy are changed where the policy is
          delete | rule     | 80    | mm; qm;
          delete | rule     | 81    | no dynamic rule is for any <-> me port 81 tcp; rules of a policy are changed where the policy is
          """)
  void each_verb_of_each_object(String verb, String object, String name, String after) {
    DynamicPolicy policy = negotiating(BLOCK);
    boolean isNew = verb.equals("add");
    Optional<String> which = Optional.of(name).filter(n -> !n.equals("all"));
    DynamicChange change =
        switch (verb.equals("delete") ? "delete " + object : object) {
          case "mmpolicy" ->
              new DynamicChange.PutMainMode(name, isNew ? MainMode.DEFAULT : OTHER, isNew);
          case "qmpolicy" -> new DynamicChange.PutQuickMode(name, isNew ? ESP : SOFT, isNew);
          case "rule" -> new DynamicChange.PutRule(port(name, Act.PERMIT), isNew);
          case "delete mmpolicy" -> new DynamicChange.DeleteMainModes(which);
          case "delete qmpolicy" -> new DynamicChange.DeleteQuickModes(which);
          case "delete rule" -> new DynamicChange.DeleteRule(port(name, Act.BLOCK));
          default -> throw new IllegalArgumentException(object);
        };
    String became;
    try {
      became = told(policy.after(change));
    } catch (IllegalArgumentException e) {
      became = String.valueOf(e.getMessage());
    }
    assertThat(became).isEqualTo(after);
  }

  private static DynamicRule port(String number, Act act) {
    return rule("any", "me", Integer.parseInt(number), act, act);
  }

  private static String told(DynamicPolicy policy) {
    List<String> mainModes =
        policy.mainModes().entrySet().stream()
            .map(e -> e.getKey() + (e.getValue().equals(OTHER) ? " changed" : ""))
            .toList();
    List<String> quickModes =
        policy.quickModes().entrySet().stream()
            .map(e -> e.getKey() + (e.getValue().equals(SOFT) ? " changed" : ""))
            .toList();
    List<String> rules =
        policy.rules().stream()
            .map(rule -> rule.filter().destinationPorts() + " " + rule.inbound())
            .toList();
    return Stream.of(mainModes, quickModes, rules)
        .map(list -> String.join(", ", list))
        .collect(Collectors.joining("; "))
        .strip();
  }

  @Test
  void what_is_full_takes_no_more_and_can_be_changed() {
    DynamicPolicy policy = DynamicPolicy.NONE;
    for (int i = 0; i < DynamicPolicy.MOST; i++) {
      policy = policy.after(new DynamicChange.PutQuickMode("qm" + i, ESP, true));
    }
    DynamicPolicy full = policy;
    assertThatThrownBy(() -> full.after(new DynamicChange.PutQuickMode("one more", ESP, true)))
        .hasMessage("there are 1000 of kind qmpolicy already");
    assertThat(full.after(new DynamicChange.PutQuickMode("qm7", SOFT, false)).quickModes())
        .containsEntry("qm7", SOFT);
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
