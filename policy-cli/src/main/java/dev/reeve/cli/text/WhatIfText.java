package dev.reeve.cli.text;

import dev.reeve.cli.text.RsopDocument.Assignment;
import dev.reeve.cli.text.RsopDocument.Link;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.RsopChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a change of the directory would do to hosts, for people: hosts that change alike are one
/// line.
public final class WhatIfText {

  private static final int NAMES_SHOWN = 5;

  private enum Section {
    COMPUTERS("Computers"),
    POLICY("IPsec policy"),
    CONTENT("What is in the policy"),
    PERSISTENT("Persistent policy"),
    SETTINGS("Host settings"),
    PLACE("Site and containers"),
    LINKS("Why: GPO links"),
    PROBLEMS("Problems");

    private final String title;

    Section(String title) {
      this.title = title;
    }
  }

  private record Line(Section section, String text) {}

  private final Map<Line, List<String>> hosts = new LinkedHashMap<>();
  private final boolean all;
  private int changed;

  /// @param all names all hosts, not the first few
  public WhatIfText(boolean all) {
    this.all = all;
  }

  /// @param before empty = the computer appears; `after` empty = it disappears
  public void add(
      Optional<RsopDocument> before, Optional<RsopDocument> after, Set<RsopChange> changes) {
    changed++;
    var lines = new ArrayList<Line>();
    if (before.isPresent() && after.isPresent()) compare(before.get(), after.get(), changes, lines);
    else {
      after.ifPresent(
          now -> lines.add(new Line(Section.COMPUTERS, "would be new, with " + policy(now))));
      before.ifPresent(
          was -> lines.add(new Line(Section.COMPUTERS, "would be gone; had " + policy(was))));
    }
    String host = after.or(() -> before).map(RsopDocument::computer).orElse("");
    lines.forEach(line -> hosts.computeIfAbsent(line, _ -> new ArrayList<>()).add(host));
  }

  /// @param asked how many computers there are to compare
  public List<String> lines(int asked, int records, String file) {
    var page = new Page();
    page.text(
        0,
        "With "
            + (records == 1 ? "the change" : "the " + records + " changes")
            + " of "
            + file
            + ", "
            + (changed == 0 ? "nothing changes for " : changed + " of ")
            + Words.count(asked, "computer")
            + (changed == 0 ? "." : changed == 1 ? " changes:" : " change:"));
    for (Section section : Section.values()) {
      var lines =
          hosts.entrySet().stream()
              .filter(e -> e.getKey().section == section)
              .sorted(
                  Comparator.comparing((Map.Entry<Line, List<String>> e) -> -e.getValue().size())
                      .thenComparing(e -> e.getKey().text))
              .toList();
      if (lines.isEmpty()) continue;
      page.blank().text(0, section.title);
      lines.forEach(e -> {
        page.text(2, 4, Words.count(e.getValue().size(), "computer") + ": " + e.getKey().text);
        page.text(6, 6, names(e.getValue()));
      });
    }
    return page.lines();
  }

  private String names(List<String> dns) {
    var counts = new HashMap<String, Integer>();
    dns.forEach(dn -> counts.merge(name(dn), 1, Integer::sum));
    int shown = all || dns.size() <= NAMES_SHOWN + 1 ? dns.size() : NAMES_SHOWN;
    String first =
        String.join(
            ", ",
            dns.subList(0, shown).stream()
                .map(dn -> counts.getOrDefault(name(dn), 0) > 1 ? dn : name(dn))
                .toList());
    return first + (shown < dns.size() ? ", and " + (dns.size() - shown) + " more" : "");
  }

  private static String name(String dn) {
    return Dn.find(dn).map(Dn::name).orElse(dn);
  }

  private static void compare(
      RsopDocument was, RsopDocument now, Set<RsopChange> changes, List<Line> lines) {
    for (RsopChange change : changes) {
      switch (change) {
        case COMPUTER ->
            lines.add(
                new Line(
                    Section.COMPUTERS,
                    "from " + parent(was.computer()) + " to " + parent(now.computer())));
        case SITE ->
            lines.add(
                new Line(
                    Section.PLACE,
                    "from "
                        + was.site().orElse("no site")
                        + " to "
                        + now.site().orElse("no site")));
        case CONTAINERS -> {
          if (changes.contains(RsopChange.COMPUTER) || changes.contains(RsopChange.SITE)) break;
          lines.add(
              new Line(
                  Section.PLACE,
                  "from "
                      + String.join(" in ", was.containers())
                      + " to "
                      + String.join(" in ", now.containers())));
        }
        case ASSIGNMENT ->
            lines.add(
                new Line(
                    Section.POLICY, lost(was, now) + "from " + policy(was) + " to " + policy(now)));
        case POLICY ->
            lines.add(
                new Line(
                    Section.CONTENT, "stays " + policy(was) + ", whose rules or settings change"));
        case PERSISTENT ->
            lines.add(
                new Line(
                    Section.PERSISTENT,
                    "from "
                        + was.persistent().orElse("none")
                        + " to "
                        + now.persistent().orElse("none")
                        + (was.persistent().equals(now.persistent())
                            ? ", whose rules or settings change"
                            : "")));
        case SETTINGS -> settings(was, now, lines);
        case VERDICTS -> links(was, now, lines);
        case PROBLEMS -> {
          now.problems().stream()
              .filter(p -> !was.problems().contains(p))
              .forEach(p -> lines.add(new Line(Section.PROBLEMS, "new: " + p)));
          was.problems().stream()
              .filter(p -> !now.problems().contains(p))
              .forEach(p -> lines.add(new Line(Section.PROBLEMS, "gone: " + p)));
        }
      }
    }
  }

  private static String parent(String dn) {
    return Dn.find(dn).flatMap(Dn::parent).map(Dn::toString).orElse(dn);
  }

  /// Losing protection is what a reader must not miss.
  private static String lost(RsopDocument was, RsopDocument now) {
    return was.assignment() instanceof Assignment.Assigned
            && now.assignment() == Assignment.Unassigned.UNASSIGNED
        ? "WITHOUT POLICY: "
        : "";
  }

  private static String policy(RsopDocument rsop) {
    return switch (rsop.assignment()) {
      case Assignment.Assigned assigned ->
          "\"" + assigned.name() + "\" (GPO \"" + RsopText.gpoName(assigned, rsop) + "\")";
      case Assignment.Unassigned _ -> "none";
      case Assignment.Unknown(var because) ->
          "unknown" + (because.isBlank() ? "" : " (" + because + ")");
    };
  }

  private static void settings(RsopDocument was, RsopDocument now, List<Line> lines) {
    var keys = new TreeMap<String, String[]>();
    for (RsopDocument.Setting s : was.settings())
      keys.computeIfAbsent(s.key(), _ -> new String[] {"", ""})[0] = RsopText.setting(s, was);
    for (RsopDocument.Setting s : now.settings())
      keys.computeIfAbsent(s.key(), _ -> new String[] {"", ""})[1] = RsopText.setting(s, now);
    keys.forEach((key, values) -> {
      if (values[0].equals(values[1])) return;
      lines.add(
          new Line(Section.SETTINGS, key + ": from " + or(values[0]) + " to " + or(values[1])));
    });
    if (keys.values().stream().allMatch(v -> v[0].equals(v[1])))
      lines.add(
          new Line(
              Section.SETTINGS, "before or after, not every GPO that could have one can be read"));
  }

  private static String or(String value) {
    return value.isEmpty() ? "not set" : value;
  }

  /// A link among those of one computer; the same GPO may be linked twice to a container.
  private record Place(String gpoDn, String som, int nth) {}

  private static Map<Place, Link> byPlace(RsopDocument rsop) {
    var found = new LinkedHashMap<Place, Link>();
    for (Link link : rsop.links()) {
      int nth = 0;
      while (found.containsKey(new Place(link.gpoDn(), link.som(), nth))) nth++;
      found.put(new Place(link.gpoDn(), link.som(), nth), link);
    }
    return found;
  }

  private static void links(RsopDocument was, RsopDocument now, List<Line> lines) {
    Map<Place, Link> before = byPlace(was);
    Map<Place, Link> after = byPlace(now);
    after.forEach((place, link) -> {
      Link old = before.get(place);
      if (old == null) lines.add(link(link, "would be in scope, " + verdict(link)));
      else if (!old.reason().equals(link.reason()) || old.enforced() != link.enforced())
        lines.add(link(link, "was " + verdict(old) + ", would be " + verdict(link)));
    });
    before.forEach((place, link) -> {
      if (!after.containsKey(place))
        lines.add(link(link, "would no longer be in scope; was " + verdict(link)));
    });
    var orderBefore = before.keySet().stream().filter(p -> stays(p, before, after)).toList();
    var orderAfter = after.keySet().stream().filter(p -> stays(p, before, after)).toList();
    if (!orderBefore.equals(orderAfter))
      lines.add(
          new Line(
              Section.LINKS,
              "the order of precedence changes from "
                  + order(orderBefore, before)
                  + " to "
                  + order(orderAfter, after)));
  }

  private static boolean stays(Place place, Map<Place, Link> before, Map<Place, Link> after) {
    Link was = before.get(place);
    Link now = after.get(place);
    return was != null && now != null && was.applied() && now.applied();
  }

  private static String order(List<Place> places, Map<Place, Link> links) {
    return String.join(
        " > ",
        places.stream()
            .map(links::get)
            .flatMap(link -> Optional.ofNullable(link).stream())
            .map(Link::shown)
            .toList());
  }

  private static Line link(Link link, String what) {
    return new Line(
        Section.LINKS, "GPO \"" + link.shown() + "\" on " + RsopText.som(link) + " " + what);
  }

  private static String verdict(Link link) {
    return link.applied()
        ? "applied" + (link.enforced() ? " (enforced)" : "")
        : "denied (" + link.reason().orElse("") + ": " + link.because() + ")";
  }
}
