package dev.reeve.cli.host;

import dev.reeve.agent.control.ControlRequest;
import dev.reeve.agent.control.ControlRequest.GpUpdate;
import dev.reeve.agent.control.ControlRequest.Simple;
import dev.reeve.cli.text.TestPolicies;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// What an agent answers on its socket.
final class TestAgent {

  private static final String WEB = "OU=Web,DC=corp,DC=example";

  final List<ControlRequest> asked = new ArrayList<>();
  JsonObject update =
      object("{\"poll\":\"unchanged\",\"version\":\"e/7\",\"outcome\":\"unchanged\"}");
  JsonObject status = joined();
  JsonObject rsop = assigned();
  JsonObject sight = object("{}");
  JsonObject changed = object("{\"changed\":true,\"steps\":[\"load table\"],\"rules\":[]}");

  JsonObject answer(ControlRequest request) {
    asked.add(request);
    return switch (request) {
      case GpUpdate _ -> update;
      case ControlRequest.Change _, ControlRequest.EndAssociations _ -> changed;
      case Simple simple ->
          switch (simple) {
            case STATUS -> status;
            case RSOP -> rsop;
            case SIGHT -> sight;
            case MANIFEST, SHUTDOWN -> object("{}");
          };
    };
  }

  static JsonObject object(String json) {
    return (JsonObject) JsonText.parse(json);
  }

  static JsonObject joined() {
    return object(
        """
        {"time":"2026-11-22T10:00:00Z","joined":true,"running":"5f3a/7","engine":"linux",
         "outcome":"applied","detail":"","applied":"2026-11-22T09:41:00Z",
         "server":"policy.corp.example:7443","reachable":true,"since":"2026-11-22T07:00:00Z",
         "lastAnswer":"2026-11-22T09:58:30Z","lastError":"",
         "manifest":{"host":"0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d","version":"5f3a/7",
           "computer":"CN=web-01,OU=Web,DC=corp,DC=example","issued":"2026-11-22T09:40:58Z",
           "expires":"2026-11-29T09:40:58Z","expired":false,"confirmed":true,
           "policyFrom":"5f3a/7","persistentFrom":null,"settingsFrom":"5f3a/7"},
         "rules":[{"id":"{A}","name":"Block telnet","state":"ENFORCED","detail":""},
           {"id":"{B}","name":"Management","state":"NOT_NEGOTIATED",
            "detail":"clear traffic is dropped until IKE works"}],
         "refused":{"ROLLED_BACK":"have 7, offered 6"},
         "problems":["DNS name gw.branch.example does not resolve"],
         "exempt":["IKE: UDP 500 and 4500","the policy server"]}
        """);
  }

  static JsonObject away() {
    return with(
        with(
            with(joined(), "reachable", JsonValue.of(false)),
            "lastError",
            JsonValue.of("connection refused")),
        "time",
        JsonValue.of("2026-12-01T10:00:00Z"));
  }

  static JsonObject notJoined() {
    return object(
        """
        {"time":"2026-11-22T10:00:00Z","joined":false,"running":"","engine":"linux","outcome":"",
         "detail":"","applied":null,"server":"","reachable":false,"since":"2026-11-22T07:00:00Z",
         "lastAnswer":null,"lastError":"this host has not joined","manifest":null,"rules":[],
         "refused":{},"problems":[],"exempt":[]}
        """);
  }

  static JsonObject workgroup() {
    return object(
        """
        {"time":"2026-11-22T10:00:00Z","joined":false,"standing":"workgroup, local policy",
         "running":"","engine":"linux","outcome":"unchanged","detail":"",
         "applied":"2026-11-22T09:41:00Z","server":"","reachable":false,
         "since":"2026-11-22T07:00:00Z","lastAnswer":null,"lastError":"this host has not joined",
         "manifest":null,"rules":[{"id":"{A}","name":"Block telnet","state":"ENFORCED","detail":""}],
         "refused":{},"problems":[],"exempt":[]}
        """);
  }

  static JsonObject local() {
    return JsonBuilder.object()
        .put("provenance", JsonNull.NULL)
        .put("store", "local")
        .put(
            "policy",
            IpsecJson.write(
                TestPolicies.block("{0000000A-0000-0000-0000-000000000000}", "Workgroup")))
        .put("persistent", JsonNull.NULL)
        .build();
  }

  static JsonObject assigned() {
    return rsop(
        "\"ASSIGNED\"",
        "{\"gpo\":\"{A1}\",\"gpoDn\":\"CN={A1},DC=corp\",\"policy\":\"CN=p,DC=corp\",\"name\":\"Web servers\"}");
  }

  static JsonObject unknown() {
    return rsop("\"UNKNOWN\"", "null");
  }

  private static JsonObject rsop(String assignment, String assigned) {
    var provenance =
        object(
            "{\"computer\":\"CN=web-01,%s\",\"site\":\"HQ\",\"siteFrom\":\"address 10.1.2.3 in subnet 10.1.0.0/16\",\"containers\":[\"%s\",\"DC=corp,DC=example\"],\"links\":[%s],\"assignment\":%s,\"assigned\":%s,\"settings\":{\"legacy\":{\"value\":true,\"gpo\":\"{A1}\"}},\"problems\":[{\"dn\":\"OU=Web,DC=corp,DC=example\",\"attribute\":\"gPLink\",\"code\":\"A_NEWER_ONE\",\"detail\":\"says something\"}]}"
                .formatted(WEB, WEB, links(), assignment, assigned));
    return JsonBuilder.object()
        .put("provenance", provenance)
        .put("store", "domain")
        .put(
            "policy",
            IpsecJson.write(
                TestPolicies.block("{0000000A-0000-0000-0000-000000000000}", "Web servers")))
        .put("persistent", JsonNull.NULL)
        .put("settings", object("{}"))
        .putStrings("rules", List.of())
        .build();
  }

  /// One link for every reason, and one that this program does not know.
  private static String links() {
    var links = new ArrayList<String>();
    links.add(link("A1", "Web baseline", WEB, "null", "1"));
    links.add(link("A2", "Domain baseline", "DC=corp,DC=example", "null", "2"));
    for (String reason :
        List.of(
            "LINK_DISABLED",
            "INHERITANCE_BLOCKED",
            "GPO_MISSING",
            "GPO_UNREADABLE",
            "FUNCTIONALITY_VERSION",
            "GPO_DISABLED",
            "SECURITY_FILTERED",
            "EMPTY",
            "FACT_FILTERED",
            "A_NEWER_ONE")) {
      links.add(link("D" + links.size(), "Denied: " + reason, WEB, "\"" + reason + "\"", "null"));
    }
    return String.join(",", links);
  }

  private static String link(
      String guid, String name, String som, String reason, String precedence) {
    return "{\"gpo\":\"{%s}\",\"gpoDn\":\"CN={%s},DC=corp\",\"name\":\"%s\",\"som\":\"%s\",\"linkOrder\":1,\"enforced\":false,\"verdict\":\"%s\",\"reason\":%s,\"precedence\":%s%s,\"newer\":[1]}"
        .formatted(
            guid,
            guid,
            name,
            som,
            reason.equals("null") ? "APPLIED" : "DENIED",
            reason,
            precedence,
            because(reason, som));
  }

  /// An older server says none.
  private static String because(String reason, String som) {
    return switch (reason) {
      case "\"INHERITANCE_BLOCKED\"" ->
          ",\"because\":\"OU=Web,DC=corp,DC=example blocks inheritance and the link is not enforced\"";
      case "null" -> ",\"because\":\"linked on " + som + ", link order 1\"";
      default -> "";
    };
  }

  static JsonObject with(JsonObject object, String name, JsonValue value) {
    var copy = new java.util.LinkedHashMap<>(object.members());
    copy.put(name, value);
    return new JsonObject(copy);
  }

  static JsonMembers members(String json) {
    return JsonMembers.of("$", JsonText.parse(json));
  }
}
