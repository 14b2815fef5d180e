package dev.reeve.cli.text;

import dev.reeve.cli.text.RsopDocument.Assignment;
import dev.reeve.cli.text.RsopDocument.Link;
import dev.reeve.cli.text.RsopDocument.Setting;
import dev.reeve.model.gp.Dn;
import java.util.ArrayList;
import java.util.List;

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
    settings(page, rsop);
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

  private static void settings(Page page, RsopDocument rsop) {
    page.fields(0, VALUE, "Settings", settings(rsop));
  }

  /// Each host setting with the GPO that has it, by name.
  static List<String> settings(RsopDocument rsop) {
    return rsop.settings().stream()
        .map(setting -> setting.key() + " = " + setting(setting, rsop))
        .toList();
  }

  /// Its value, and the GPO that has it.
  static String setting(Setting setting, RsopDocument rsop) {
    return setting.value().replace("\"", "").replace(",", ", ")
        + " (by "
        + gpoName(setting, rsop)
        + ")";
  }

  private static String gpoName(Setting setting, RsopDocument rsop) {
    return rsop.links().stream()
        .filter(link -> link.gpo().equals(setting.gpo()))
        .map(Link::shown)
        .findFirst()
        .orElse(setting.gpo());
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

  /// Many computers: a line each, in columns as wide as they need.
  public static final class Table {
    private static final List<String> TITLES = List.of("Computer", "Site", "IPsec policy", "GPO");

    private final List<List<String>> rows = new ArrayList<>();

    public Table() {
      rows.add(TITLES);
    }

    public void add(RsopDocument rsop) {
      String name = Dn.find(rsop.computer()).map(Dn::name).orElse(rsop.computer());
      rows.add(
          switch (rsop.assignment()) {
            case Assignment.Assigned assigned ->
                List.of(name, rsop.site().orElse("-"), assigned.name(), gpoName(assigned, rsop));
            case Assignment.Unassigned _ -> List.of(name, rsop.site().orElse("-"), "(none)", "");
            case Assignment.Unknown _ -> List.of(name, rsop.site().orElse("-"), "(unknown)", "");
          });
    }

    public List<String> lines() {
      var page = new Page();
      int[] widths = new int[TITLES.size()];
      for (List<String> row : rows) {
        for (int i = 0; i < widths.length; i++)
          widths[i] = Math.max(widths[i], row.get(i).length());
      }
      for (List<String> row : rows) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) line.append(padded(row.get(i), widths[i] + 2));
        page.row(line.toString());
      }
      return page.lines();
    }
  }
}
