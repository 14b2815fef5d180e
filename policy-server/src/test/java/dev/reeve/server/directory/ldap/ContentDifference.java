package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.gp.DirectoryContent;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// What one picture of a directory says and another does not, a line each.
final class ContentDifference {

  private final StringBuilder lines = new StringBuilder();

  private ContentDifference() {}

  /// @return empty when they are equal, problems included
  static String between(DirectoryContent kept, DirectoryContent fresh) {
    var difference = new ContentDifference();
    difference.maps("container", kept.soms(), fresh.soms());
    difference.maps("GPO", kept.gpos(), fresh.gpos());
    difference.maps("policy", kept.policies(), fresh.policies());
    difference.maps("computer", kept.computers(), fresh.computers());
    difference.maps("group", kept.groups(), fresh.groups());
    difference.maps("primary group", kept.primaryGroups(), fresh.primaryGroups());
    difference.maps("fact filter", kept.factFilters(), fresh.factFilters());
    difference.lists("subnets", kept.subnets(), fresh.subnets());
    difference.lists("problems", lowered(kept.problems()), lowered(fresh.problems()));
    return difference.lines.toString();
  }

  /// How a container was spelled when what is in it was last read: in names, case says nothing.
  private static List<String> lowered(List<Problem> problems) {
    return problems.stream().map(p -> p.toString().toLowerCase(Locale.ROOT)).sorted().toList();
  }

  /// The same for entries as [Collected#content] gives them.
  static String between(
      Map<String, Map<String, List<String>>> kept, Map<String, Map<String, List<String>>> fresh) {
    var difference = new ContentDifference();
    var names = new TreeSet<String>(kept.keySet());
    names.addAll(fresh.keySet());
    for (String name : names) {
      Map<String, List<String>> ours = kept.getOrDefault(name, Map.of());
      Map<String, List<String>> truth = fresh.getOrDefault(name, Map.of());
      var attributes = new TreeSet<String>(ours.keySet());
      attributes.addAll(truth.keySet());
      for (String attribute : attributes)
        if (!Objects.equals(ours.get(attribute), truth.get(attribute)))
          difference.line(
              name + " " + attribute, text(ours.get(attribute)), text(truth.get(attribute)));
    }
    return difference.lines.toString();
  }

  private static List<String> text(List<String> hex) {
    return hex == null
        ? List.of()
        : hex.stream().map(v -> new String(HexFormat.of().parseHex(v), UTF_8)).toList();
  }

  private void maps(String what, Map<Dn, ?> kept, Map<Dn, ?> fresh) {
    var names = new TreeSet<Dn>(kept.keySet());
    names.addAll(fresh.keySet());
    for (Dn name : names) {
      Object ours = kept.get(name);
      Object truth = fresh.get(name);
      if (!Objects.equals(ours, truth)) line(what + " " + name, ours, truth);
    }
  }

  private void lists(String what, List<?> kept, List<?> fresh) {
    if (kept.equals(fresh)) return;
    line(
        what,
        kept.stream().filter(one -> !fresh.contains(one)).toList(),
        fresh.stream().filter(one -> !kept.contains(one)).toList());
  }

  private void line(String what, Object kept, Object fresh) {
    lines.append(what).append("\n  kept  ").append(kept).append("\n  fresh ").append(fresh);
    lines.append('\n');
  }
}
