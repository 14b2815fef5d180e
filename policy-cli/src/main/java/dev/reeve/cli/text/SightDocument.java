package dev.reeve.cli.text;

import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What an agent answers who is asked what its host's IPsec does: the parts of it, and what follows
/// from them. Tolerates members that are newer than this program.
public final class SightDocument {

  private SightDocument() {}

  /// The same as one JSON document: all that the agent said, or one part of it.
  public static JsonObject part(String part, JsonObject sight) {
    if (part.equals("all")) return sight;
    var activity = member(sight, "activity");
    var json = JsonBuilder.object().put("time", member(sight, "time"));
    return switch (part) {
      case "activepolicy" ->
          json.put("standing", member(sight, "standing"))
              .put(part, member(sight, "activePolicy"))
              .build();
      case "mmsas" -> json.put(part, member(activity, "mainModes")).build();
      case "qmsas" -> json.put(part, member(activity, "quickModes")).build();
      case "mmpolicy" -> json.putAll(part, policies(sight), SightDocument::mmpolicy).build();
      case "qmpolicy" -> json.putAll(part, qmpolicies(sight), SightDocument::qmpolicy).build();
      case "mmfilter" -> json.putAll(part, mmfilters(sight), MmFilter::toJson).build();
      case "qmfilter" -> json.put(part, member(sight, "filters")).build();
      case "rule" -> json.put(part, member(sight, "rules")).build();
      case "config" ->
          json.put(part, member(sight, "settings")).put("exempt", member(sight, "exempt")).build();
      case "stats" ->
          json.put("traffic", member(activity, "traffic"))
              .put("failures", member(activity, "failures"))
              .put("statistics", member(activity, "statistics"))
              .build();
      default -> throw new IllegalArgumentException(part);
    };
  }

  private static JsonValue member(JsonValue of, String name) {
    return of instanceof JsonObject(var members)
        ? members.getOrDefault(name, JsonNull.NULL)
        : JsonNull.NULL;
  }

  record ActivePolicy(
      String name, String store, String gpo, String container, String changed, Optional<Long> age) {
    static ActivePolicy read(JsonMembers in) {
      var policy =
          new ActivePolicy(
              in.string("name"),
              in.string("store"),
              in.findString("gpo").orElse(""),
              in.findString("container").orElse(""),
              in.findString("changed").orElse("not known"),
              in.findNumber("ageSeconds"));
      var unused = in.rest();
      return policy;
    }
  }

  record Placed(String store, IpsecPolicy policy) {
    static Placed read(JsonMembers in) {
      var placed = new Placed(in.string("store"), IpsecJson.readPolicy(in.object("policy")));
      var unused = in.rest();
      return placed;
    }
  }

  static List<Placed> policies(JsonObject sight) {
    return JsonMembers.of("$", sight).objects("policies", Placed::read);
  }

  private static JsonObject mmpolicy(Placed placed) {
    return JsonBuilder.object()
        .put("name", placed.policy().name())
        .put("store", placed.store())
        .put("mainMode", IpsecJson.write(placed.policy().mainMode()))
        .build();
  }

  record Action(String store, String rule, Negotiate action) {}

  static List<Action> qmpolicies(JsonObject sight) {
    var found = new LinkedHashMap<Negotiate, Action>();
    for (Placed placed : policies(sight)) {
      for (IpsecRule rule : placed.policy().rules()) {
        if (rule.active() && rule.action() instanceof Negotiate action) {
          found.putIfAbsent(action, new Action(placed.store(), rule.name(), action));
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static JsonObject qmpolicy(Action action) {
    return JsonBuilder.object()
        .put("store", action.store())
        .put("rule", action.rule())
        .put("posture", action.action().posture().toString())
        .put("action", IpsecJson.write(action.action()))
        .build();
  }

  /// Between whom something is negotiated: ports and protocols are the quick mode's.
  record MmFilter(String source, String destination, List<String> rules) {
    JsonObject toJson() {
      return JsonBuilder.object()
          .put("source", source)
          .put("destination", destination)
          .putStrings("rules", rules)
          .build();
    }
  }

  static List<MmFilter> mmfilters(JsonObject sight) {
    var found = new LinkedHashMap<List<String>, List<String>>();
    for (QmFilter filter : qmfilters(sight)) {
      if (filter.action().equals("permit") || filter.action().equals("block")) continue;
      List<String> rules =
          found.computeIfAbsent(
              List.of(filter.source(), filter.destination()), _ -> new ArrayList<>());
      if (!rules.contains(filter.rule())) rules.add(filter.rule());
    }
    return found.entrySet().stream()
        .map(e -> new MmFilter(e.getKey().getFirst(), e.getKey().getLast(), e.getValue()))
        .toList();
  }

  record QmFilter(
      String source,
      String destination,
      String protocol,
      String sourcePorts,
      String destinationPorts,
      String action,
      String weight,
      String store,
      String rule) {

    static QmFilter read(JsonMembers in) {
      var filter =
          new QmFilter(
              in.string("source"),
              in.string("destination"),
              in.string("protocol"),
              in.string("sourcePorts"),
              in.string("destinationPorts"),
              in.string("action"),
              in.string("weight"),
              in.string("store"),
              in.string("rule"));
      var unused = in.rest();
      return filter;
    }
  }

  static List<QmFilter> qmfilters(JsonObject sight) {
    return JsonMembers.of("$", sight).objects("filters", QmFilter::read);
  }
}
