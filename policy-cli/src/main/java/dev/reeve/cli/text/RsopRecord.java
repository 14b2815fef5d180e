package dev.reeve.cli.text;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.status.IpsecActivity;
import java.util.List;
import java.util.Optional;

/// RSoP logging: what a server gave a host, why, and what the host reported last. Tolerates members
/// that are newer than this program.
///
/// @param json the fixed form of an RSoP document, with `host`, `enrolled`, `manifest` and `report`
///   beside
/// @param rsop empty when the host has not been given anything yet
/// @param report empty when the host has not reported yet
public record RsopRecord(
    JsonObject json,
    String computer,
    String host,
    String enrolled,
    Optional<Issued> issued,
    Optional<RsopDocument> rsop,
    Optional<Report> report) {

  /// @param version `EPOCH/NUMBER`
  public record Issued(String version, String issued, String expires) {}

  /// @param running as [Issued#version]; number 0 = none
  public record Report(
      String time,
      String running,
      String engine,
      String outcome,
      String detail,
      List<Rule> rules,
      List<String> refused,
      List<String> problems,
      Optional<IpsecActivity> activity) {
    public Report {
      rules = List.copyOf(rules);
      refused = List.copyOf(refused);
      problems = List.copyOf(problems);
    }
  }

  public record Rule(String name, String state, String detail) {}

  /// @throws JsonException when the document is no such record
  public static RsopRecord parse(JsonValue json) {
    var in = JsonMembers.of("$", json);
    String computer = in.string("computer");
    Optional<JsonValue> manifest = in.find("manifest");
    Optional<JsonValue> report = in.find("report");
    Optional<JsonObject> rsop =
        in.find("rsop").map(value -> named(computer, JsonMembers.of("$.rsop", value)));
    String host = in.string("host");
    String enrolled = in.findString("enrolled").orElse("");
    var out = JsonBuilder.object();
    rsop.orElseGet(() -> nothing(computer)).members().forEach(out::put);
    return new RsopRecord(
        out.put("host", host)
            .put("enrolled", enrolled)
            .put("manifest", manifest.orElse(JsonNull.NULL))
            .put("report", report.orElse(JsonNull.NULL))
            .build(),
        computer,
        host,
        enrolled,
        manifest.map(value -> issued(JsonMembers.of("$.manifest", value))),
        rsop.map(RsopDocument::parse),
        report.map(value -> report(JsonMembers.of("$.report", value))));
  }

  /// The document that a class of hosts shares lacks the computer.
  private static JsonObject named(String computer, JsonMembers shared) {
    var out = JsonBuilder.object().put("computer", computer);
    RsopDocument.MEMBERS.forEach(name -> out.put(name, shared.find(name).orElse(JsonNull.NULL)));
    shared.rest().forEach(out::put);
    return out.build();
  }

  private static JsonObject nothing(String computer) {
    var none = new JsonArray(List.of());
    return JsonBuilder.object()
        .put("computer", computer)
        .put("site", JsonNull.NULL)
        .put("siteFrom", "nothing has been given to this host yet")
        .put("containers", none)
        .put("links", none)
        .put("assignment", "UNKNOWN")
        .put("assigned", JsonNull.NULL)
        .put("settings", JsonBuilder.object().build())
        .put("problems", none)
        .build();
  }

  private static Issued issued(JsonMembers in) {
    return new Issued(
        in.string("epoch") + "/" + in.number("version"), in.string("issued"), in.string("expires"));
  }

  private static Report report(JsonMembers in) {
    return new Report(
        in.string("time"),
        in.string("running"),
        in.findString("engine").orElse(""),
        in.string("outcome"),
        in.findString("detail").orElse(""),
        in.objects("rules", RsopRecord::rule),
        in.strings("refused"),
        in.strings("problems"),
        in.findObject("activity").map(IpsecActivity::read));
  }

  private static Rule rule(JsonMembers in) {
    var rule = new Rule(in.string("name"), in.string("state"), in.findString("detail").orElse(""));
    var unused = in.rest();
    return rule;
  }
}
