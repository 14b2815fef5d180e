package dev.reeve.cli.text;

import dev.reeve.cli.text.AgentDocument.Bundle;
import dev.reeve.cli.text.AgentDocument.Rule;
import dev.reeve.cli.text.RsopDocument.Link;
import dev.reeve.model.rsop.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;

/// What `gpresult` prints, in the words its users know from Windows.
public final class GpResultText {

  private static final int VALUE = 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private final Page page = new Page();
  private final AgentDocument agent;

  private GpResultText(AgentDocument agent) {
    this.agent = agent;
  }

  /// @param verbose also why each GPO applies, and the policy in plain words
  public static List<String> lines(AgentDocument agent, boolean verbose) {
    var text = new GpResultText(agent);
    text.host();
    text.policy();
    text.gpos(verbose);
    text.rules();
    text.list("Refused", agent.refused());
    text.list("Problems", text.problems());
    if (verbose) text.details();
    return text.page.lines();
  }

  private void host() {
    field(
        "Computer",
        agent
            .bundle()
            .map(Bundle::computer)
            .orElse(agent.joined() ? "not known yet" : "workgroup: not joined"));
    agent.bundle().ifPresent(bundle -> field("Host id", bundle.host()));
    agent
        .rsop()
        .ifPresent(rsop ->
            field(
                "Site",
                rsop.site().orElse("none")
                    + (rsop.siteFrom().isBlank() ? "" : " (" + rsop.siteFrom() + ")")));
    if (!agent.joined()) field("", "join with: reeve join JOINSTRING");
    field("Policy server", server());
    agent
        .bundle()
        .ifPresentOrElse(
            this::bundle, () -> field("Policy version", "none: no policy has arrived yet"));
  }

  private String server() {
    if (!agent.joined() && agent.store().equals("local")) {
      return "none: a workgroup host asks no server";
    }
    if (agent.server().isBlank()) return "none asked yet" + because(agent.lastError());
    String last = agent.lastAnswer().map(t -> "last answer " + ago(t)).orElse("never answered");
    return agent.reachable()
        ? agent.server() + ", " + last
        : agent.server() + ", NOT REACHABLE, " + last + because(agent.lastError());
  }

  private static String because(String error) {
    return error.isBlank() ? "" : " (" + error + ")";
  }

  private void bundle(Bundle bundle) {
    boolean expired = agent.time().isAfter(bundle.expires());
    field(
        "Policy version",
        bundle.version()
            + ", issued "
            + TIME.format(bundle.issued())
            + ", "
            + age(Duration.between(bundle.issued(), agent.time()))
            + " old");
    field(
        "Expires",
        TIME.format(bundle.expires())
            + (expired
                ? ": EXPIRED. It stays in force; the server must be reached to renew it."
                : ", in " + age(Duration.between(agent.time(), bundle.expires()))));
    bundle
        .policyFrom()
        .filter(from -> !from.equals(bundle.version()))
        .ifPresent(from ->
            field(
                "",
                "The policy itself is kept from version " + from + ": the server does not know."));
  }

  private void policy() {
    page.blank();
    field("Assigned policy", assigned());
    agent.persistent().ifPresent(policy -> field("Persistent policy", "\"" + policy.name() + "\""));
    String when = agent.applied().map(t -> TIME.format(t) + ", " + ago(t)).orElse("never");
    field("Last time applied", when);
    field("Outcome", outcome());
  }

  private String assigned() {
    String active =
        agent
            .active()
            .map(policy -> "\"" + policy.name() + "\" (" + from() + ")")
            .orElse("none in force");
    return agent
        .rsop()
        .map(rsop ->
            switch (rsop.assignment()) {
              case RsopDocument.Assignment.Assigned assigned ->
                  active + ", by GPO \"" + RsopText.gpoName(assigned, rsop) + "\"";
              case RsopDocument.Assignment.Unassigned _ ->
                  active + "; no GPO that applies assigns one";
              case RsopDocument.Assignment.Unknown _ ->
                  active + "; what is assigned is UNKNOWN to the server, the last policy is kept";
            })
        .orElse(active);
  }

  private String from() {
    return agent.joined() || agent.standing().isEmpty()
        ? agent.store() + " store"
        : agent.standing();
  }

  private String outcome() {
    String engine = agent.engine().isBlank() ? "" : " (engine: " + agent.engine() + ")";
    String words =
        switch (agent.outcome()) {
          case "" -> "nothing applied yet";
          case "applied" -> "applied";
          case "unchanged" -> "applied; nothing had to change";
          case "failed" -> "FAILED";
          default -> agent.outcome();
        };
    String dry =
        agent.engine().equals("dry-run") ? "; the dry run shows steps and enforces nothing" : "";
    return words + engine + dry + (agent.detail().isBlank() ? "" : ": " + agent.detail());
  }

  private void gpos(boolean verbose) {
    if (agent.rsop().isEmpty()) return;
    List<Link> links = agent.rsop().get().links();
    page.blank().text(0, "Applied Group Policy Objects");
    links.stream()
        .filter(Link::applied)
        .forEach(link -> {
          page.text(
              "  " + link.precedence().map(p -> p + ". ").orElse(""),
              5,
              link.shown() + " (" + RsopText.som(link) + (link.enforced() ? ", enforced)" : ")"));
          if (verbose) because(link);
        });
    if (links.stream().noneMatch(Link::applied)) page.text(2, "none");
    if (links.stream().allMatch(Link::applied)) return;
    page.blank().text(0, "The following GPOs were not applied because they were filtered out");
    links.stream()
        .filter(link -> !link.applied())
        .forEach(link -> {
          page.text(2, 5, link.shown() + " (" + RsopText.som(link) + ")");
          page.text(6, "Filtering:  " + filtering(link.reason().orElse("")));
          because(link);
        });
  }

  /// An older server says none.
  private void because(Link link) {
    if (!link.because().isBlank()) page.field(6, 17, "Because:", link.because());
  }

  /// The reason in the words of gpresult; a reason of a newer server is an unknown one.
  static String filtering(String reason) {
    return Arrays.stream(Reason.values())
        .filter(known -> known.name().equals(reason))
        .findFirst()
        .map(GpResultText::filtering)
        .orElse("Not Applied (Unknown Reason)");
  }

  private static String filtering(Reason reason) {
    return switch (reason) {
      case LINK_DISABLED -> "Disabled (Link)";
      case INHERITANCE_BLOCKED -> "Denied (Blocked Inheritance)";
      case GPO_MISSING -> "Not Applied (Missing)";
      case GPO_UNREADABLE -> "Not Applied (Inaccessible)";
      case FUNCTIONALITY_VERSION -> "Not Applied (Unsupported Version)";
      case GPO_DISABLED -> "Disabled (GPO)";
      case SECURITY_FILTERED -> "Denied (Security)";
      case EMPTY -> "Not Applied (Empty)";
      case FACT_FILTERED -> "Denied (WMI Filter)";
    };
  }

  private void rules() {
    if (agent.rules().isEmpty()) return;
    page.blank().text(0, "Rules on this host");
    for (Rule rule : agent.rules()) {
      page.text(
          "  " + state(rule.state()) + " ".repeat(Math.max(1, 16 - state(rule.state()).length())),
          VALUE,
          rule.name() + (rule.detail().isBlank() ? "" : ": " + rule.detail()));
    }
  }

  static String state(String state) {
    return switch (state) {
      case "ENFORCED" -> "enforced";
      case "NOT_NEGOTIATED" -> "NOT NEGOTIATED";
      case "NOT_ENFORCED" -> "NOT ENFORCED";
      case "FAILED" -> "FAILED";
      default -> state;
    };
  }

  private List<String> problems() {
    var all = new java.util.ArrayList<>(agent.problems());
    agent.rsop().ifPresent(rsop -> all.addAll(rsop.problems()));
    return all;
  }

  private void list(String title, List<String> items) {
    if (items.isEmpty()) return;
    page.blank().text(0, title);
    items.forEach(item -> page.text(2, 4, item));
  }

  private void details() {
    agent.rsop().ifPresent(rsop -> list("Host settings", RsopText.settings(rsop)));
    list("Exempt: passes whatever the policy says", agent.exempt());
    agent.active().ifPresent(policy -> page.blank().add(PolicyText.lines(policy)));
    agent
        .persistent()
        .ifPresent(policy -> page.blank().text(0, "Persistent:").add(PolicyText.lines(policy)));
  }

  private void field(String label, String value) {
    page.field(0, VALUE, label, value);
  }

  private String ago(Instant then) {
    return age(Duration.between(then, agent.time())) + " ago";
  }

  /// Its largest unit: `2 days`, `3 minutes`.
  private static String age(Duration age) {
    if (age.toDays() > 1) return Words.of(Duration.ofDays(age.toDays()));
    if (age.toHours() > 1) return Words.of(Duration.ofHours(age.toHours()));
    if (age.toMinutes() > 1) return Words.of(Duration.ofMinutes(age.toMinutes()));
    return Words.of(Duration.ofSeconds(Math.max(0, age.toSeconds())));
  }
}
