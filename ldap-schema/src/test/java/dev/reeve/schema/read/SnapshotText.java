package dev.reeve.schema.read;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.HiddenMember;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything a snapshot holds, as text, for comparing two of them.
public final class SnapshotText {

  private SnapshotText() {}

  public static String of(DirectorySnapshot snapshot) {
    var text = new StringBuilder();
    section(text, "soms", snapshot.soms());
    section(text, "gpos", snapshot.gpos());
    section(text, "policies", snapshot.policies());
    section(text, "computers", snapshot.computers());
    text.append("groups\n");
    for (Dn computer : new TreeSet<>(snapshot.computers().keySet())) {
      text.append("  ").append(computer).append(' ');
      snapshot.groupsOf(computer, Set.of()).stream()
          .map(Dn::key)
          .sorted()
          .forEach(group -> text.append(group).append(' '));
      text.append('\n');
    }
    text.append("hidden members of groups\n");
    for (HiddenMember member : snapshot.hiddenMembers())
      text.append("  ")
          .append(member.name())
          .append(member.groups().stream().map(Dn::key).sorted().toList());
    text.append('\n');
    section(text, "fact filters", snapshot.factFilters());
    section(text, "others", snapshot.content().others());
    section(text, "sites", snapshot.sites());
    text.append("subnets\n  ").append(snapshot.subnets());
    return text.append("\nproblems\n  ").append(snapshot.problems()).toString();
  }

  /// A key's spelling is not of the content: the value says how the name is written.
  private static void section(StringBuilder text, String name, Map<Dn, ?> entries) {
    text.append(name).append('\n');
    new TreeMap<>(entries)
        .forEach((dn, value) ->
            text.append("  ").append(dn.key()).append(" = ").append(sorted(value)).append('\n'));
  }

  /// Sets inside print in any order; their characters do not.
  private static String sorted(Object value) {
    return value instanceof dev.reeve.model.gp.Gpo gpo
            && gpo.securityFilter()
                instanceof dev.reeve.model.gp.SecurityFilter.Groups(var a, var d)
        ? gpo.guid() + new TreeSet<>(a) + new TreeSet<>(d)
        : value.toString();
  }
}
