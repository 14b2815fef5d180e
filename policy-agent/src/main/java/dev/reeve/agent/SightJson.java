package dev.reeve.agent;

import dev.reeve.engine.ObservedState;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.negotiate.NeededCrl;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.spd.HostPolicy.Placed;
import dev.reeve.model.spd.SpdEntry;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.IpsecActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What `ipsec dynamic show` and `diag` get to see.
final class SightJson {

  private SightJson() {}

  static JsonObject write(
      Sight seen, AgentState state, boolean joined, List<NeededCrl> crls, Instant now) {
    HostSettings settings = seen.policy().settings();
    return JsonBuilder.object()
        .put("time", now.toString())
        .put("standing", Standing.of(seen.policy(), joined))
        .put("engine", state.enforced().engine())
        .put("outcome", state.outcomeWord())
        .put("detail", state.outcomeDetail())
        .put("problem", seen.problem())
        .put("gate", seen.observed().map(ObservedState::gate).orElse(false))
        .putStrings(
            "differences", seen.observed().map(ObservedState::differences).orElse(List.of()))
        .putAll(
            "activePolicy",
            seen.policy().inForce(),
            placed -> activePolicy(placed, seen, state, now))
        .putAll(
            "policies",
            seen.policy().inForce(),
            placed ->
                JsonBuilder.object()
                    .put("store", placed.store().toString())
                    .put("policy", IpsecJson.write(placed.policy()))
                    .build())
        .put("dynamic", seen.dynamic().toJson())
        .putAll("filters", seen.spd().entries(), SightJson::filter)
        .putStrings("exempt", seen.spd().exemptLines())
        .put("settings", settings(settings))
        .putAll("crls", crls, SightJson::crl)
        .putAll("rules", state.rules(), Desk::rule)
        .put(
            "activity",
            seen.observed().map(ObservedState::activity).orElse(IpsecActivity.NONE).toJson())
        .build();
  }

  /// Those that nobody set have their defaults.
  private static JsonObject settings(HostSettings settings) {
    var all = new LinkedHashMap<>(JsonMembers.of("$", JsonText.parse(DEFAULTS)).rest());
    all.putAll(settings.toJson().members());
    var json = JsonBuilder.object();
    for (HostSetting setting : HostSetting.values()) {
      JsonValue value = all.get(setting.key());
      if (value != null) json.put(setting.key(), value);
    }
    return json.build();
  }

  /// Without a length when this host has none.
  private static JsonValue crl(NeededCrl needed) {
    var json = JsonBuilder.object().put("authority", needed.authority().toString());
    needed.held().ifPresent(crl -> json.put("bytes", crl.bytes()));
    needed.held().flatMap(IkeCrl::end).ifPresent(end -> json.put("until", end.toString()));
    return json.build();
  }

  private static final String DEFAULTS =
      """
      {"bootMode":"stateful","bootExemptions":[],"ipsecExempt":3,"strongCrlCheck":0,"ikeLogging":0,
       "ipsecDiagnostics":0,"ipsecLogInterval":3600,"networkAllow":[],"networkDeny":[],
       "legacy":false,"mePrivate":[]}
      """;

  private static JsonObject activePolicy(Placed placed, Sight seen, AgentState state, Instant now) {
    var json =
        JsonBuilder.object()
            .put("name", placed.policy().name())
            .put("store", placed.store().toString())
            .put("id", placed.policy().id());
    Optional<Origin> origin =
        placed.store() == Store.DOMAIN ? Origin.find(state) : Optional.empty();
    json.putOrNull("gpo", origin.map(Origin::gpo)).putOrNull("gpoDn", origin.map(Origin::gpoDn));
    json.putOrNull("container", origin.map(Origin::container));
    json.putOrNull("policyDn", origin.map(Origin::policyDn));
    Optional<Instant> changed = Optional.ofNullable(seen.changed().get(placed.store()));
    json.putOrNull("changed", changed.map(Instant::toString));
    changed.ifPresent(at -> json.put("ageSeconds", Duration.between(at, now).toSeconds()));
    return json.build();
  }

  /// What the server said of the policy when it gave it.
  private record Origin(String gpo, String gpoDn, String policyDn, String container) {

    static Optional<Origin> find(AgentState state) {
      return state
          .kept()
          .current()
          .flatMap(bundle -> {
            try {
              return read(JsonText.parseObject(bundle.provenance()));
            } catch (IllegalArgumentException e) {
              return Optional.empty(); // made by somebody else, and of no other use
            }
          });
    }

    private static Optional<Origin> read(JsonMembers in) {
      Optional<JsonMembers> assigned = in.findObject("assigned");
      if (assigned.isEmpty()) return Optional.empty();
      String dn = assigned.get().string("gpoDn");
      String policy = assigned.get().findString("policy").orElse("");
      List<Link> links = in.objects("links", Link::read);
      Optional<Link> link =
          links.stream().filter(l -> l.applied() && l.gpoDn().equalsIgnoreCase(dn)).findFirst();
      return Optional.of(
          new Origin(
              link.map(Link::name).orElseGet(() -> assigned.get().findString("gpo").orElse(dn)),
              dn,
              policy,
              link.map(Link::som).orElse("")));
    }
  }

  private record Link(String gpoDn, String name, String som, boolean applied) {
    static Link read(JsonMembers in) {
      var link =
          new Link(
              in.string("gpoDn"),
              in.findString("name").orElse(""),
              in.string("som"),
              in.string("verdict").equals("APPLIED"));
      var unused = in.rest();
      return link;
    }
  }

  private static JsonValue filter(SpdEntry entry) {
    return JsonBuilder.object()
        .put("source", entry.selector().source().toString())
        .put("destination", entry.selector().destination().toString())
        .put("protocol", entry.selector().protocol().toString())
        .put("sourcePorts", entry.selector().sourcePorts().toString())
        .put("destinationPorts", entry.selector().destinationPorts().toString())
        .put("networkType", entry.selector().networkType().toString())
        .put("action", entry.action().toString())
        .put("tunnel", entry.tunnel())
        .put("weight", entry.weight().toString())
        .put("store", entry.origin().store().toString())
        .put("ruleId", entry.origin().ruleId())
        .put("rule", entry.origin().ruleName())
        .build();
  }
}
