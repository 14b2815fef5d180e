package dev.reeve.model.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.TreeMap;

/// The machine-readable form of an [Rsop]; fixed, one document per computer.
public final class RsopJson {

  private RsopJson() {}

  public static JsonObject write(Rsop rsop) {
    return members(JsonBuilder.object().put("computer", rsop.computer().toString()), rsop).build();
  }

  /// The same without the computer: what a whole class of hosts shares.
  public static JsonObject writeShared(Rsop rsop) {
    return members(JsonBuilder.object(), rsop).build();
  }

  private static JsonBuilder members(JsonBuilder json, Rsop rsop) {
    var settings = JsonBuilder.object();
    new TreeMap<>(rsop.settings().values())
        .forEach((setting, sourced) ->
            settings.put(
                setting.key(),
                JsonBuilder.object()
                    .put("value", sourced.value())
                    .put("gpo", sourced.by().guid())
                    .build()));
    return json.putOrNull("site", rsop.site())
        .put("siteFrom", rsop.siteFrom())
        .putStrings("containers", rsop.containers().stream().map(Dn::toString).toList())
        .putAll("links", rsop.links(), RsopJson::write)
        .put(
            "assignment",
            switch (rsop.assignment()) {
              case PolicyResult.Assigned _ -> "ASSIGNED";
              case PolicyResult.Unassigned _ -> "UNASSIGNED";
              case PolicyResult.Unknown _ -> "UNKNOWN";
            })
        .put("assigned", assigned(rsop.assignment()))
        .put("settings", settings.build())
        .putAll("problems", rsop.problems(), RsopJson::write);
  }

  private static JsonValue assigned(PolicyResult result) {
    return result instanceof PolicyResult.Assigned(var gpo, var dn, var policy)
        ? JsonBuilder.object()
            .put("gpo", gpo.guid())
            .put("gpoDn", gpo.dn().toString())
            .put("policy", dn.toString())
            .put("name", policy.name())
            .build()
        : JsonNull.NULL;
  }

  private static JsonObject write(LinkVerdict verdict) {
    return JsonBuilder.object()
        .put("gpo", verdict.guid())
        .put("gpoDn", verdict.link().gpo().toString())
        .putOrNull("name", verdict.gpoName())
        .put("som", verdict.som().toString())
        .put("linkOrder", verdict.link().linkOrder())
        .put("enforced", verdict.link().enforced())
        .put("verdict", verdict.applied() ? "APPLIED" : "DENIED")
        .putOrNull("reason", verdict.reason().map(Enum::name))
        .put(
            "precedence",
            verdict.precedence().isPresent()
                ? new JsonNumber(verdict.precedence().getAsInt())
                : JsonNull.NULL)
        .put("because", verdict.because())
        .build();
  }

  private static JsonObject write(Problem problem) {
    return JsonBuilder.object()
        .put("dn", problem.dn())
        .put("attribute", problem.attribute())
        .put("code", problem.code().name())
        .put("detail", problem.detail())
        .build();
  }
}
