package dev.reeve.cli.ipsec.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.cli.ipsec.netsh.ScriptLine;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.schema.exchange.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryCommandsTest {

  private final Keys keys = new Keys();
  private PolicyLibrary library = PolicyLibrary.EMPTY;

  private void does(String... lines) {
    var commands = new LibraryCommands(keys, Optional.empty());
    for (String line : lines) {
      try {
        library = commands.run(library, ScriptLine.words(line));
      } catch (LibraryException e) {
        throw new AssertionError(line, e);
      }
    }
  }

  private void web() {
    does(
        "add policy name=Web activatedefaultrule=no",
        "add filter filterlist=\"Port 80\" srcaddr=any dstaddr=me protocol=TCP dstport=80",
        "add filteraction name=Secure inpass=yes qmsecmethods=\"AH[SHA256]:100000k/3600s\"",
        "add rule name=Answers policy=Web filterlist=\"Port 80\" filteraction=Secure");
  }

  private IpsecRule rule() {
    return library.policies().getFirst().rules().getFirst();
  }

  @Test
  void a_policy_is_made_of_named_parts() {
    web();
    IpsecPolicy policy = library.policies().getFirst();
    assertThat(policy.name()).isEqualTo("Web");
    assertThat(rule().filters().orElseThrow().filters()).hasToString("[any <-> me port 80 tcp]");
    assertThat(rule().authentication()).containsExactly(AuthMethod.Kerberos.KERBEROS);
    assertThat(rule().action())
        .isInstanceOfSatisfying(
            Negotiate.class,
            action -> assertThat(action.posture()).isEqualTo(Posture.REQUIRE_PASS_THROUGH));
  }

  @Test
  void what_changes_changes_in_every_rule_that_has_it() {
    web();
    does(
        "add filter \"Port 80\" me any protocol=tcp dstport=443",
        "set filterlist \"Port 80\" newname=Ports",
        "set filteraction Secure soft=yes newname=Asks");
    assertThat(rule().filters().orElseThrow().name()).isEqualTo("Ports");
    assertThat(rule().filters().orElseThrow().filters()).hasSize(2);
    assertThat(rule().action().name()).isEqualTo("Asks");
    assertThat(library.uses(library.actions().getFirst())).hasSize(1);
    assertThat(library.actions().stream().map(NamedAction::name)).containsExactly("Asks");
  }

  @Test
  void authentication_is_replaced_as_a_whole_and_kept_in_order() {
    web();
    does("set rule Answers Web rootca=\"CN=Branch CA certmap:yes\" psk=secret");
    assertThat(rule().authentication()).hasSize(2);
    assertThat(rule().authentication().getFirst())
        .isEqualTo(new AuthMethod.Certificate("CN=Branch CA", true, false));
    does("set rule Answers Web description=later");
    assertThat(rule().authentication()).hasSize(2);
  }

  @Test
  void a_rule_that_does_not_negotiate_needs_no_authentication() {
    web();
    does("add filteraction B action=block", "add rule B Web \"Port 80\" B kerberos=no");
    assertThat(library.policies().getFirst().rules().getLast().authentication()).isEmpty();
  }

  @Test
  void offers_stay_as_they_are_when_something_else_changes() {
    does(
        "add policy A",
        "add filteraction F qmpfs=yes qmsecmethods=\"ESP[AES256GCM,None]\"",
        "add filteraction G qmsecmethods=\"ESP[AES256GCM,None]\"");
    library = library.with(new NamedAction("", mixed()));
    does("set filteraction Mixed description=later", "set filteraction Mixed soft=yes newname=M");
    assertThat(((Negotiate) library.findAction("M").orElseThrow().action()).offers())
        .isEqualTo(mixed().offers());
    does("set filteraction M qmpfs=no");
    assertThat(((Negotiate) library.findAction("M").orElseThrow().action()).offers())
        .extracting(QuickModeOffer::pfs)
        .containsOnly(QuickModeOffer.PerfectForwardSecrecy.None.NONE);
  }

  /// As a directory may have it: forward secrecy in one offer and not in the other.
  private Negotiate mixed() {
    var offers = new ArrayList<QuickModeOffer>();
    for (String name : List.of("F", "G")) {
      offers.addAll(((Negotiate) library.findAction(name).orElseThrow().action()).offers());
    }
    return new Negotiate("Mixed", offers, false, false);
  }

  @Test
  void one_policy_is_assigned_at_a_time() {
    does("add policy A assign=yes", "add policy B", "set policy B assign=y");
    assertThat(library.assignedPolicy().map(IpsecPolicy::name)).contains("B");
    does("set policy A assign=no");
    assertThat(library.assignedPolicy().map(IpsecPolicy::name)).contains("B");
    does("set policy B assign=no");
    assertThat(library.assigned()).isEmpty();
  }

  @Test
  void the_default_response_is_switched_and_changed() {
    does("add policy A");
    assertThat(rule().isDefaultResponse()).isTrue();
    does("set defaultrule A qmsecmethods=\"AH[SHA1]\" qmpfs=yes", "set policy A act=no");
    assertThat(rule().active()).isFalse();
    assertThat(((Negotiate) rule().action()).offers()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          add rule R Web "Port 81" Secure              | no filter list is called 'Port 81'; there are 'Port 80'
          add rule R Nonesuch "Port 80" Secure         | no policy is called 'Nonesuch'; there are 'Web'
          add rule answers Web "Port 80" Secure        | has a rule 'answers' already; set rule changes it
          add policy web                               | a policy is called 'web' already; set policy changes it
          add policy all                               | found 'all', expected a name of 1 to 255 characters
          add policy P mmsecmethods=RSA                | CIPHER-HASH-GROUP
          add policy P mmlifetime=0                    | found '0', expected 1..2880
          add filter F any me dstport=80               | only TCP and UDP have them
          add filter F any                             | dstaddr= is missing
          add filter "Port 80" any me protocol=tcp dstport=80 | has any <-> me port 80 tcp already
          delete filter "Port 80" any me               | has no filter any <-> me
          delete filterlist "Port 80"                  | filter list 'Port 80' is that of rule 'Answers' of policy 'Web'
          delete filteraction Secure                   | filter action 'Secure' is that of rule 'Answers' of policy 'Web'
          delete rule Nonesuch Web                     | has no rule 'Nonesuch'; it has 'Answers'
          add filteraction F action=permit soft=yes    | soft= is for actions that negotiate, and this one is to permit
          add filteraction F qmsecmethods=ESP[None,None] | protects nothing
          set rule Answers Web kerberos=no             | kerberos=no leaves no way to authenticate: give psk= or rootca= instead
          add rule N Web "Port 80" Secure kerberos=no  | kerberos=no leaves no way to authenticate
          set defaultrule Web kerberos=no              | kerberos=no leaves no way to authenticate
          set policy Web newname=all                   | found 'all', expected a name of 1 to 255 characters
          set rule Answers Web newname=                | found '', expected a name of 1 to 255 characters
          set filterlist "Port 80" newname=ALL         | found 'ALL', expected a name of 1 to 255 characters
          set filteraction Secure newname=" "          | found ' ', expected a name of 1 to 255 characters
          set policy Web gponame=X assign=yes          | a store on a host has no GPOs
          set policy description=x                     | which policy? Give name= or guid=
          set rule Answers Web filteraction=Nonesuch   | no filter action is called 'Nonesuch'
          add nonsense x                               | found 'nonsense', expected one of policy, rule
          add policy P colour=red                      | no argument is called 'colour'
          """)
  void what_cannot_be_is_refused_with_a_sentence(String line, String sentence) {
    web();
    PolicyLibrary before = library;
    var commands = new LibraryCommands(keys, Optional.empty());
    assertThatThrownBy(() -> commands.run(library, ScriptLine.words(line)))
        .isInstanceOfAny(LibraryException.class, IllegalArgumentException.class)
        .hasMessageContaining(sentence);
    assertThat(library).isEqualTo(before);
  }

  /// What comes again from elsewhere replaces what it was, and touches nothing of other policies.
  @Test
  void a_policy_that_is_merged_again_brings_its_parts_along() {
    web();
    IpsecPolicy first = library.policies().getFirst();
    does(
        "add filter \"Port 80\" any me protocol=tcp dstport=443",
        "set filteraction Secure soft=yes");
    PolicyLibrary back = Merge.of(library, first);
    assertThat(back.policies()).containsExactly(first);
    assertThat(back.lists()).hasSize(1);
    assertThat(back.actions()).hasSize(1);

    does("add policy Other", "add rule Too Other \"Port 80\" Secure");
    PolicyLibrary beside = Merge.of(library, first);
    assertThat(beside.policies().getLast()).isEqualTo(library.policies().getLast());
    assertThat(beside.lists().stream().map(l -> l.name()))
        .containsExactly("Port 80", "Port 80 (2)");
    assertThat(beside.actions().stream().map(NamedAction::name))
        .containsExactly("Secure", "Secure (2)");
  }

  @Test
  void a_policy_in_force_is_not_deleted_by_name_but_with_all() {
    does("add policy A assign=yes");
    var commands = new LibraryCommands(keys, Optional.empty());
    assertThatThrownBy(() -> commands.run(library, List.of("delete", "policy", "A")))
        .hasMessageContaining("is assigned: set policy name=\"A\" assign=no first");
    assertThatThrownBy(() -> commands.run(library, List.of("delete", "policy", "all")))
        .hasMessageContaining("policy 'A' is assigned");
    does("delete all");
    assertThat(library).isEqualTo(PolicyLibrary.EMPTY);
  }

  @Test
  void a_permitting_rule_that_is_to_negotiate_must_say_how() {
    web();
    does("add filteraction P action=permit", "add rule P Web \"Port 80\" P");
    var commands = new LibraryCommands(keys, Optional.empty());
    assertThatThrownBy(
            () -> commands.run(library, ScriptLine.words("set filteraction P action=negotiate")))
        .hasMessageContaining("rule 'P' of policy 'Web' says nothing of authentication");
  }
}
