package dev.reeve.model.status;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/// What a host says of itself after every change: `POST /agent/v1/report`. Facts only; nothing is
/// computed from it.
///
/// @param running the bundle version in force, `EPOCH/NUMBER`; number 0 = none
/// @param engine `linux`, `xfrm` or `dry-run`
/// @param outcome `unchanged`, `applied` or `failed`
/// @param detail for people; empty when all is well
/// @param refused what the gate refused since the last report: `REASON: detail`
/// @param problems what this host coped with: clock skew, unresolved names, …
/// @param exempt traffic that passes whatever the policy says, in words
/// @param activity associations, traffic that was not secured, peers that could not be agreed with;
///   empty when the engine could not be asked
public record StatusReport(
    Instant time,
    String running,
    String engine,
    String outcome,
    String detail,
    List<RuleStatus> rules,
    List<String> refused,
    List<String> problems,
    List<String> exempt,
    Optional<IpsecActivity> activity) {

  public StatusReport {
    rules = List.copyOf(rules);
    refused = List.copyOf(refused);
    problems = List.copyOf(problems);
    exempt = List.copyOf(exempt);
  }

  /// Without what IPsec does now.
  public StatusReport(
      Instant time,
      String running,
      String engine,
      String outcome,
      String detail,
      List<RuleStatus> rules,
      List<String> refused,
      List<String> problems,
      List<String> exempt) {
    this(
        time, running, engine, outcome, detail, rules, refused, problems, exempt, Optional.empty());
  }

  public StatusReport withActivity(IpsecActivity now) {
    return new StatusReport(
        time,
        running,
        engine,
        outcome,
        detail,
        rules,
        refused,
        problems,
        exempt,
        Optional.of(now.shortened()));
  }

  public byte[] toBytes() {
    var json =
        JsonBuilder.object()
            .put("v", 1)
            .put("time", time.toString())
            .put("running", running)
            .put("engine", engine)
            .put("outcome", outcome)
            .put("detail", detail)
            .putAll(
                "rules",
                rules,
                rule ->
                    JsonBuilder.object()
                        .put("id", rule.ruleId())
                        .put("name", rule.ruleName())
                        .put("state", rule.state().name())
                        .put("detail", rule.detail())
                        .build())
            .putStrings("refused", refused)
            .putStrings("problems", problems)
            .putStrings("exempt", exempt);
    activity.ifPresent(now -> json.put("activity", now.toJson()));
    return JsonText.writeBytes(json.build());
  }

  /// Tolerates members that are newer than this program: a report asks for nothing.
  ///
  /// @throws dev.reeve.model.json.JsonException when the bytes are no report
  public static StatusReport parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    var report =
        new StatusReport(
            in.parsed("time", StatusReport::instant),
            in.string("running"),
            in.string("engine"),
            in.string("outcome"),
            in.string("detail"),
            in.objects("rules", StatusReport::rule),
            in.strings("refused"),
            in.strings("problems"),
            in.strings("exempt"),
            in.findObject("activity").map(IpsecActivity::read));
    var unused = in.rest();
    return report;
  }

  private static RuleStatus rule(JsonMembers in) {
    var rule =
        new RuleStatus(
            in.string("id"),
            in.string("name"),
            in.parsed("state", RuleStatus.State::valueOf),
            in.string("detail"));
    var unused = in.rest();
    return rule;
  }

  static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + text + "' is no UTC time", e);
    }
  }
}
