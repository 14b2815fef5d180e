package dev.reeve.model.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.json.JsonValue;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// In what two results of one computer differ: what a change to the directory does to it.
///
/// Names of GPOs and sentences for people make no difference.
public enum RsopChange {
  /// It is called otherwise, or it is there before or afterwards only.
  COMPUTER,
  SITE,
  CONTAINERS,
  /// Another policy, by another GPO, none, or nobody knows.
  ASSIGNMENT,
  /// The same policy with other content.
  POLICY,
  PERSISTENT,
  SETTINGS,
  /// A link has another verdict, another place in the order, or is in scope on one side only.
  VERDICTS,
  PROBLEMS;

  public static Set<RsopChange> between(Rsop before, Rsop after) {
    var found = EnumSet.noneOf(RsopChange.class);
    if (!before.computer().equals(after.computer())) found.add(COMPUTER);
    if (!before.site().equals(after.site())) found.add(SITE);
    if (!before.containers().equals(after.containers())) found.add(CONTAINERS);
    if (!key(before.assignment()).equals(key(after.assignment()))) found.add(ASSIGNMENT);
    else if (!before.assignment().equals(after.assignment())
        && before.assignment() instanceof PolicyResult.Assigned(var _, var _, var one)
        && after.assignment() instanceof PolicyResult.Assigned(var _, var _, var other)
        && !one.equals(other)) found.add(POLICY);
    if (!content(before.persistent()).equals(content(after.persistent()))) found.add(PERSISTENT);
    if (!settings(before).equals(settings(after))) found.add(SETTINGS);
    if (!verdicts(before).equals(verdicts(after))) found.add(VERDICTS);
    if (!new HashSet<>(before.problems()).equals(new HashSet<>(after.problems())))
      found.add(PROBLEMS);
    return found;
  }

  private static List<?> key(PolicyResult result) {
    return switch (result) {
      case PolicyResult.Assigned(var by, var dn, var _) -> List.of(by.dn(), dn);
      case PolicyResult.Unassigned _ -> List.of("none");
      case PolicyResult.Unknown _ -> List.of("unknown");
    };
  }

  private static List<?> content(PolicyResult result) {
    return result instanceof PolicyResult.Assigned(var by, var dn, var policy)
        ? List.of(by.dn(), dn, policy)
        : key(result);
  }

  private record Setting(JsonValue value, Dn gpo) {}

  private static List<?> settings(Rsop rsop) {
    Map<HostSetting, Setting> plain = new HashMap<>();
    rsop.settings()
        .values()
        .forEach((setting, sourced) ->
            plain.put(setting, new Setting(sourced.value(), sourced.by().dn())));
    return List.of(plain, rsop.settings().complete());
  }

  private record Verdict(
      GpLink link, Dn som, Optional<Reason> reason, OptionalInt precedence, String guid) {}

  private static List<Verdict> verdicts(Rsop rsop) {
    return rsop.links().stream()
        .map(v -> new Verdict(v.link(), v.som(), v.reason(), v.precedence(), v.guid()))
        .toList();
  }
}
