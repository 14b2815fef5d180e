package dev.reeve.model.status;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;

/// What became of a rule's packets that were not secured, since the agent started. A packet that is
/// forwarded in clear counts twice: it is on two wires.
///
/// @param store as in the SPD: `persistent`, `domain`, `local`, `dynamic`
/// @param dropped because the rule blocks, or requires security
/// @param clear passed unsecured because the rule allows it: a request, an inbound pass-through
public record RuleTraffic(
    String store, String ruleId, String ruleName, Count dropped, Count clear) {

  public record Count(long packets, long bytes) {
    public static final Count NONE = new Count(0, 0);

    public Count plus(Count other) {
      return new Count(packets + other.packets, bytes + other.bytes);
    }

    private JsonObject toJson() {
      return JsonBuilder.object().put("packets", packets).put("bytes", bytes).build();
    }

    private static Count read(JsonMembers in) {
      return new Count(in.number("packets"), in.number("bytes"));
    }
  }

  public JsonObject toJson() {
    return JsonBuilder.object()
        .put("store", store)
        .put("id", ruleId)
        .put("name", ruleName)
        .put("dropped", dropped.toJson())
        .put("clear", clear.toJson())
        .build();
  }

  static RuleTraffic read(JsonMembers in) {
    var traffic =
        new RuleTraffic(
            in.string("store"),
            in.string("id"),
            in.string("name"),
            Count.read(in.object("dropped")),
            Count.read(in.object("clear")));
    var unused = in.rest();
    return traffic;
  }
}
