package dev.reeve.cli.ipsec.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.cli.ipsec.netsh.ScriptLine;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.schema.exchange.Keys;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A policy that comes from elsewhere, once and again.
class MergeTest {

  private static PolicyLibrary library(String... lines) throws LibraryException {
    var commands = new LibraryCommands(new Keys(), Optional.empty());
    PolicyLibrary library = PolicyLibrary.EMPTY;
    for (String line : lines) library = commands.run(library, ScriptLine.words(line));
    return library;
  }

  private static PolicyLibrary web(String port, String soft) throws LibraryException {
    return library(
        "add policy Web activatedefaultrule=no",
        "add filter filterlist=Ports srcaddr=any dstaddr=me protocol=TCP dstport=" + port,
        "add filteraction Secure soft=" + soft,
        "add rule Answers Web Ports Secure");
  }

  private static List<String> names(PolicyLibrary library) {
    return library.actions().stream().map(NamedAction::name).toList();
  }

  private static FilterAction action(PolicyLibrary library, int policy, int rule) {
    return library.policies().get(policy).rules().get(rule).action();
  }

  /// Another policy has an action, and a list, of the same name.
  @Test
  void the_same_policy_again_changes_nothing() throws LibraryException {
    PolicyLibrary mine = web("80", "no");
    IpsecPolicy theirs = web("443", "yes").policies().getFirst();
    PolicyLibrary once = Merge.of(mine, theirs);
    assertThat(names(once)).containsExactly("Secure", "Secure (2)");
    assertThat(once.policies().getFirst()).isEqualTo(mine.policies().getFirst());

    assertThat(Merge.of(once, theirs)).isEqualTo(once);
    assertThat(Merge.of(Merge.of(once, theirs), theirs)).isEqualTo(once);
  }

  /// A list's id, and a rule's, are those of another policy: it was copied.
  @Test
  void a_copy_again_changes_nothing() throws LibraryException {
    PolicyLibrary mine = web("80", "no");
    IpsecPolicy first = mine.policies().getFirst();
    IpsecRule rule = first.rules().getFirst();
    FilterList list = rule.filters().orElseThrow();
    var other =
        new FilterList(list.id(), list.name(), "", web("443", "no").lists().getFirst().filters());
    var copy =
        new IpsecPolicy(
            "{00000000-0000-4000-8000-000000000077}",
            "Copy",
            "",
            first.pollingInterval(),
            first.mainMode(),
            List.of(new RuleEdit(rule).with(other)));
    PolicyLibrary once = Merge.of(mine, copy);
    assertThat(once.lists()).extracting(FilterList::name).containsExactly("Ports", "Ports (2)");
    assertThat(once.policies().getLast().rules().getFirst().id()).isNotEqualTo(rule.id());
    assertThat(Merge.of(once, copy)).isEqualTo(once);
  }

  /// In a directory, actions of one name may differ, and each rule keeps its own.
  @Test
  void two_actions_of_one_name_stay_two() throws LibraryException {
    PolicyLibrary two =
        library(
            "add policy Web activatedefaultrule=no",
            "add filter filterlist=Ports srcaddr=any dstaddr=me",
            "add filteraction Hard",
            "add filteraction Soft soft=yes",
            "add rule A Web Ports Hard",
            "add rule B Web Ports Soft");
    IpsecPolicy policy = two.policies().getFirst();
    List<IpsecRule> rules =
        policy.rules().stream()
            .map(rule -> new RuleEdit(rule).with(Merge.named(rule.action(), "Secure")))
            .toList();
    IpsecPolicy theirs = PolicyEdit.withRules(policy, rules);

    PolicyLibrary once = Merge.of(PolicyLibrary.EMPTY, theirs);
    assertThat(names(once)).containsExactly("Secure", "Secure (2)");
    for (int i = 0; i < 2; i++) {
      assertThat(Merge.named(action(once, 0, i), "Secure")).isEqualTo(rules.get(i).action());
    }
    assertThat(Merge.of(once, theirs)).isEqualTo(once);
    PolicyLibrary swapped = Merge.of(once, PolicyEdit.withRules(policy, rules.reversed()));
    assertThat(names(swapped)).containsExactly("Secure", "Secure (2)");
  }

  @Test
  void what_only_the_old_one_had_goes_with_it() throws LibraryException {
    PolicyLibrary mine = web("80", "no");
    IpsecPolicy bare = PolicyEdit.withRules(mine.policies().getFirst(), List.of());
    PolicyLibrary now = Merge.of(mine, bare);
    assertThat(now.lists()).isEmpty();
    assertThat(now.actions()).isEmpty();
  }
}
