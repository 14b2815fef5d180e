package dev.reeve.cli.text;

import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an agent says of itself on its control socket: its status and the policy in force.
/// Tolerates members that are newer than this program.
///
/// @param time the agent's clock
/// @param standing where its policy comes from, in words; empty from an older agent
/// @param running the bundle in force, `EPOCH/NUMBER`; empty = none
/// @param outcome `applied`, `unchanged`, `failed` or empty
/// @param server the one asked last; empty = none yet
/// @param refused what the gate refused, in words
/// @param exempt traffic that passes whatever the policy says, in words
/// @param rsop empty until a bundle has arrived
/// @param store where the active policy comes from: `domain`, `local`, `none`
/// @param policies the active policy and the persistent one
public record AgentDocument(
    Instant time,
    boolean joined,
    String standing,
    String running,
    String engine,
    String outcome,
    String detail,
    Optional<Instant> applied,
    String server,
    boolean reachable,
    Optional<Instant> lastAnswer,
    String lastError,
    Optional<Bundle> bundle,
    List<Rule> rules,
    List<String> refused,
    List<String> problems,
    List<String> exempt,
    Optional<RsopDocument> rsop,
    String store,
    Optional<IpsecPolicy> active,
    Optional<IpsecPolicy> persistent) {

  public AgentDocument {
    rules = List.copyOf(rules);
    refused = List.copyOf(refused);
    problems = List.copyOf(problems);
    exempt = List.copyOf(exempt);
  }

  /// @param policyFrom the version that brought the policy, when that is an older one
  public record Bundle(
      String host,
      String version,
      String computer,
      Instant issued,
      Instant expires,
      Optional<String> policyFrom) {}

  /// @param state as in [dev.reeve.model.status.RuleStatus.State]
  public record Rule(String name, String state, String detail) {}

  /// @throws JsonException when the documents are none of an agent's
  public static AgentDocument parse(JsonObject status, JsonObject rsop) {
    var in = JsonMembers.of("status", status);
    var of = JsonMembers.of("rsop", rsop);
    return new AgentDocument(
        in.parsed("time", AgentDocument::instant),
        in.findBool("joined").orElse(true),
        in.findString("standing").orElse(""),
        in.findString("running").orElse(""),
        in.findString("engine").orElse(""),
        in.findString("outcome").orElse(""),
        in.findString("detail").orElse(""),
        in.findParsed("applied", AgentDocument::instant),
        in.findString("server").orElse(""),
        in.findBool("reachable").orElse(false),
        in.findParsed("lastAnswer", AgentDocument::instant),
        in.findString("lastError").orElse(""),
        in.findObject("manifest").map(AgentDocument::bundle),
        in.objects("rules", AgentDocument::rule),
        refused(in),
        in.strings("problems"),
        in.strings("exempt"),
        of.find("provenance").flatMap(AgentDocument::rsop),
        of.findString("store").orElse("none"),
        of.findObject("policy").map(IpsecJson::readPolicy),
        of.findObject("persistent").map(IpsecJson::readPolicy));
  }

  private static Bundle bundle(JsonMembers in) {
    return new Bundle(
        in.string("host"),
        in.string("version"),
        in.string("computer"),
        in.parsed("issued", AgentDocument::instant),
        in.parsed("expires", AgentDocument::instant),
        in.findString("policyFrom"));
  }

  private static Rule rule(JsonMembers in) {
    var rule = new Rule(in.string("name"), in.string("state"), in.findString("detail").orElse(""));
    var unused = in.rest();
    return rule;
  }

  private static List<String> refused(JsonMembers in) {
    var found = new ArrayList<String>();
    in.findObject("refused")
        .ifPresent(members ->
            members
                .rest()
                .forEach((reason, detail) ->
                    found.add(
                        reason
                            + ": "
                            + (detail instanceof JsonString(var text)
                                ? text
                                : JsonText.write(detail)))));
    found.sort(null);
    return found;
  }

  private static Optional<RsopDocument> rsop(JsonValue provenance) {
    return provenance instanceof JsonObject
        ? Optional.of(RsopDocument.parse(provenance))
        : Optional.empty();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + text + "' is no UTC time", e);
    }
  }
}
