package dev.reeve.cli.ipsec;

import dev.reeve.cli.ipsec.library.PolicyLibrary;
import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.cli.ipsec.library.PolicyLibrary.Use;
import dev.reeve.cli.text.Page;
import dev.reeve.cli.text.PolicyText;
import dev.reeve.cli.text.Words;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import java.util.List;

/// What `ipsec static show` prints, under the labels that users of netsh know.
final class LibraryText {

  private static final int LABEL = 2;
  private static final int VALUE = 27;

  private final Page page = new Page();
  private final PolicyLibrary library;

  private LibraryText(PolicyLibrary library) {
    this.library = library;
  }

  static List<String> all(String place, PolicyLibrary library, boolean verbose) {
    var text = new LibraryText(library);
    text.page.text(0, "Store: " + place);
    text.page.blank().add(policies(library, library.policies(), verbose));
    text.page.blank().add(lists(library, library.lists(), verbose));
    text.page.blank().add(actions(library, library.actions(), verbose));
    return text.page.lines();
  }

  static List<String> policies(PolicyLibrary library, List<IpsecPolicy> policies, boolean verbose) {
    var text = new LibraryText(library);
    if (policies.isEmpty()) text.page.text(0, "No policies in the policy store.");
    for (IpsecPolicy policy : policies) {
      if (policy != policies.getFirst()) text.page.blank();
      text.policy(policy);
      if (verbose) text.page.blank().add(PolicyText.lines(policy));
    }
    return text.page.lines();
  }

  private void policy(IpsecPolicy policy) {
    page.field(0, VALUE, "Policy Name", policy.name());
    field("Description", none(policy.description()));
    field("Assigned", yes(library.isAssigned(policy)));
    field("Master PFS", yes(policy.mainMode().perfectForwardSecrecy()));
    field("Polling Interval", Words.of(policy.pollingInterval()));
    field("No. of Rules", "" + policy.rules().size());
    List<String> names = policy.rules().stream().map(LibraryText::name).toList();
    if (!names.isEmpty()) page.fields(LABEL, VALUE, "Rules", names);
  }

  private static String name(IpsecRule rule) {
    String name = rule.isDefaultResponse() ? "<Default Response Rule>" : rule.name();
    return rule.active() ? name : name + " (not activated)";
  }

  static List<String> rules(IpsecPolicy policy, List<IpsecRule> rules) {
    var text = new LibraryText(PolicyLibrary.EMPTY);
    if (rules.isEmpty()) text.page.text(0, "Policy '" + policy.name() + "' has no such rule.");
    for (IpsecRule rule : rules) {
      if (rule != rules.getFirst()) text.page.blank();
      text.rule(policy, rule);
    }
    return text.page.lines();
  }

  private void rule(IpsecPolicy policy, IpsecRule rule) {
    page.field(0, VALUE, "Rule Name", name(rule));
    field("Rule ID", rule.id());
    field("Policy", policy.name());
    field("Description", none(rule.description()));
    field("Activated", yes(rule.active()));
    field("Filter List", rule.filters().map(FilterList::name).orElse("<Dynamic>"));
    field("Filter Action", none(rule.action().name()) + " (" + kind(rule.action()) + ")");
    field("Connection Type", rule.networkType().toString().toUpperCase(java.util.Locale.ROOT));
    field("Tunnel", rule.tunnel().map(Object::toString).orElse("NONE"));
    page.fields(
        LABEL,
        VALUE,
        "Authentication",
        rule.authentication().isEmpty()
            ? List.of("NONE")
            : rule.authentication().stream().map(PolicyText::authentication).toList());
  }

  static List<String> lists(PolicyLibrary library, List<FilterList> lists, boolean verbose) {
    var text = new LibraryText(library);
    if (lists.isEmpty()) text.page.text(0, "No filter lists in the policy store.");
    for (FilterList list : lists) {
      if (list != lists.getFirst()) text.page.blank();
      text.list(list, verbose);
    }
    return text.page.lines();
  }

  private void list(FilterList list, boolean verbose) {
    page.field(0, VALUE, "FilterList Name", list.name());
    field("Description", none(list.description()));
    if (verbose) field("GUID", list.id());
    field("No. of Filters", "" + list.filters().size());
    if (!list.filters().isEmpty()) {
      page.fields(
          LABEL, VALUE, "Filters", list.filters().stream().map(PolicyText::filter).toList());
    }
    used(library.uses(list));
  }

  static List<String> actions(PolicyLibrary library, List<NamedAction> actions, boolean verbose) {
    var text = new LibraryText(library);
    if (actions.isEmpty()) text.page.text(0, "No filter actions in the policy store.");
    for (NamedAction action : actions) {
      if (action != actions.getFirst()) text.page.blank();
      text.action(action, verbose);
    }
    return text.page.lines();
  }

  private void action(NamedAction named, boolean verbose) {
    page.field(0, VALUE, "FilterAction Name", named.name());
    field("Description", none(named.description()));
    field("Action", kind(named.action()));
    if (named.action() instanceof Negotiate negotiate) {
      field("AllowUnsecure(Fallback)", yes(negotiate.allowFallbackToClear()));
      field("Inbound Passthrough", yes(negotiate.acceptUnsecuredInbound()));
      field("Posture", negotiate.posture().toString());
      field("No. of Security Methods", "" + negotiate.offers().size());
      if (verbose) {
        page.fields(
            LABEL,
            VALUE,
            "Security Methods",
            negotiate.offers().stream().map(PolicyText::offer).toList());
      }
    }
    used(library.uses(named));
  }

  private void used(List<Use> uses) {
    page.fields(
        LABEL,
        VALUE,
        "Used by",
        uses.isEmpty() ? List.of("NONE") : uses.stream().map(Use::toString).toList());
  }

  private static String kind(FilterAction action) {
    return switch (action) {
      case FilterAction.Permit _ -> "PERMIT";
      case FilterAction.Block _ -> "BLOCK";
      case Negotiate _ -> "NEGOTIATE SECURITY";
    };
  }

  private static String yes(boolean yes) {
    return yes ? "YES" : "NO";
  }

  private static String none(String text) {
    return text.isBlank() ? "NONE" : text;
  }

  private void field(String label, String value) {
    page.field(LABEL, VALUE, label, value);
  }
}
