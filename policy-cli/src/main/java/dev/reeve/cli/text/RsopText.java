package dev.reeve.cli.text;

import dev.reeve.cli.text.RsopDocument.Assignment;
import dev.reeve.cli.text.RsopDocument.Link;
import dev.reeve.cli.text.RsopDocument.Setting;
import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.Optional;

/// A resultant set of policy for people: what is assigned, and why, link by link.
public final class RsopText {

  private static final int VALUE = 13;

  private RsopText() {}

  public static List<String> lines(RsopDocument rsop) {
    var page = new Page();
    page.field(0, VALUE, "Computer", rsop.computer());
    page.field(0, VALUE, "Site", site(rsop));
    page.fields(0, VALUE, "Containers", rsop.containers());
    page.blank();
    assignment(page, rsop);
    rsop.persistent().ifPresent(text -> page.field(0, VALUE, "Persistent", text));
    settings(page, rsop.settings());
    page.blank();
    links(page, rsop.links());
    problems(page, rsop.problems());
    return page.lines();
  }

  private static String site(RsopDocument rsop) {
    return rsop.site().orElse("none")
        + (rsop.siteFrom().isBlank() ? "" : " (" + rsop.siteFrom() + ")");
  }

  private static void assignment(Page page, RsopDocument rsop) {
    page.field(0, VALUE, "Assigned", sentence(rsop.assignment(), rsop));
    if (rsop.assignment() instanceof Assignment.Assigned assigned) {
      page.field(0, VALUE, "", assigned.policy());
    }
  }

  /// The assignment in one plain sentence.
  public static String sentence(Assignment assignment, RsopDocument rsop) {
    return switch (assignment) {
      case Assignment.Assigned assigned ->
          "IPsec policy \"" + assigned.name() + "\", by GPO \"" + gpoName(assigned, rsop) + "\"";
      case Assignment.Unassigned _ -> "no IPsec policy: no GPO that applies assigns one";
      case Assignment.Unknown(var because) ->
          "unknown"
              + (because.isBlank() ? "" : ": " + because)
              + ". A host keeps the last policy it has.";
    };
  }

  static String gpoName(Assignment.Assigned assigned, RsopDocument rsop) {
    return rsop.links().stream()
        .filter(link -> link.gpoDn().equals(assigned.gpoDn()))
        .map(Link::shown)
        .findFirst()
        .orElse(assigned.gpo());
  }

  private static void settings(Page page, List<Setting> settings) {
    for (int i = 0; i < settings.size(); i++) {
      Setting setting = settings.get(i);
      page.field(
          0,
          VALUE,
          i == 0 ? "Settings" : "",
          setting.key() + " = " + setting.value() + "  (GPO " + setting.gpo() + ")");
    }
  }

  private static void links(Page page, List<Link> links) {
    if (links.isEmpty()) {
      page.text(0, "No GPO is linked to any of its containers.");
      return;
    }
    int name = width(links.stream().map(Link::shown).toList(), 3, 34);
    int som = width(links.stream().map(RsopText::som).toList(), 9, 18);
    page.text(0, "GPOs in scope, the one that wins first");
    page.row("     Verdict  " + padded("GPO", name) + "  " + padded("Linked to", som) + "  Order");
    for (Link link : links) {
      String start =
          padded(link.precedence().map(String::valueOf).orElse("-"), -3)
              + (link.applied() ? "  applied  " : "  denied   ");
      String place =
          padded(som(link), som) + "  " + link.linkOrder() + (link.enforced() ? " enforced" : "");
      if (link.shown().length() <= name) {
        page.row(start + padded(link.shown(), name) + "  " + place);
      } else {
        page.text(start, start.length(), link.shown())
            .row(" ".repeat(start.length() + name + 2) + place);
      }
      String reason = link.reason().orElse("");
      String between = reason.isEmpty() || link.because().isBlank() ? "" : ": ";
      String why = reason + between + link.because();
      if (!why.isBlank()) page.text(start.length(), why);
    }
  }

  private static void problems(Page page, List<String> problems) {
    if (problems.isEmpty()) return;
    page.blank().text(0, "Problems");
    problems.forEach(problem -> page.text(2, 4, problem));
  }

  static String som(Link link) {
    return Dn.find(link.som())
        .map(dn ->
            switch (dn.attribute()) {
              case "dc" -> dn.toString().replace("DC=", "").replace("dc=", "").replace(',', '.');
              case "cn" -> "site " + dn.name();
              default -> "OU " + dn.name();
            })
        .orElse(link.som());
  }

  private static int width(List<String> texts, int least, int most) {
    return Math.clamp(texts.stream().mapToInt(String::length).max().orElse(0), least, most);
  }

  /// To `width` columns; a negative one pads on the left.
  private static String padded(String text, int width) {
    String space = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? space + text : text + space;
  }

  public static final String LINE_HEADER =
      padded("Computer", 18)
          + "  "
          + padded("Site", 10)
          + "  "
          + padded("IPsec policy", 28)
          + "  GPO";

  /// One computer in one line, for lists of many: name, policy, GPO.
  public static String line(RsopDocument rsop) {
    Optional<Dn> dn = Dn.find(rsop.computer());
    String name = dn.map(Dn::name).orElse(rsop.computer());
    String policy =
        switch (rsop.assignment()) {
          case Assignment.Assigned assigned -> assigned.name();
          case Assignment.Unassigned _ -> "(none)";
          case Assignment.Unknown _ -> "(unknown)";
        };
    String by =
        rsop.assignment() instanceof Assignment.Assigned assigned ? gpoName(assigned, rsop) : "";
    return (padded(name, 18)
            + "  "
            + padded(rsop.site().orElse("-"), 10)
            + "  "
            + padded(policy, 28)
            + "  "
            + by)
        .stripTrailing();
  }
}
