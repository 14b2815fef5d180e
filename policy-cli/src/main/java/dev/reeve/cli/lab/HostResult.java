package dev.reeve.cli.lab;

import dev.reeve.agent.control.ControlClient;
import dev.reeve.agent.control.ControlException;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonBoolean;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What an agent says of itself on its control socket, the source of `reeve gpresult`. Read with
/// tolerance: what is not there is empty.
///
/// @param status running version, outcome, rules, refusals, problems
/// @param rsop the policy in force and why
public record HostResult(JsonObject status, JsonObject rsop) {

  /// Empty when no agent answers.
  static Optional<HostResult> ask(Path run) {
    var client = new ControlClient(run);
    try {
      return Optional.of(new HostResult(client.status(), client.rsop()));
    } catch (ControlException e) {
      return Optional.empty();
    }
  }

  /// The name of the IPsec policy in force.
  public Optional<String> policy() {
    return text(rsop, "policy", "name");
  }

  /// The whole policy in force, as JSON.
  public Optional<String> policyText() {
    return find(rsop, "policy").filter(v -> v instanceof JsonObject).map(JsonText::write);
  }

  /// The name of the GPO that assigned it.
  public Optional<String> gpo() {
    Optional<String> dn = text(rsop, "provenance", "assigned", "gpoDn");
    if (dn.isEmpty()) return dn;
    return items(rsop, "provenance", "links").stream()
        .filter(link -> text(link, "gpoDn").equals(dn))
        .findFirst()
        .flatMap(link -> text(link, "name"));
  }

  public Optional<String> site() {
    return text(rsop, "provenance", "site");
  }

  /// The bundle in force, `EPOCH/NUMBER`.
  public String version() {
    return text(status, "running").orElse("");
  }

  public long versionNumber() {
    String version = version();
    int slash = version.lastIndexOf('/');
    return slash < 0 ? 0 : Long.parseLong(version.substring(slash + 1));
  }

  /// `applied`, `unchanged` or `failed`.
  public String outcome() {
    return text(status, "outcome").orElse("");
  }

  public boolean reachesServer() {
    return find(status, "reachable").filter(JsonBoolean.TRUE::equals).isPresent();
  }

  public int rules() {
    return items(status, "rules").size();
  }

  /// Whether the engine has dealt with every active rule of the policy in force and failed in none:
  /// a new policy is known a moment before it is applied.
  public boolean settled() {
    List<Optional<String>> done =
        items(status, "rules").stream().map(rule -> text(rule, "id")).toList();
    return !outcome().equals("failed")
        && rules("FAILED") == 0
        && items(rsop, "policy", "rules").stream()
            .filter(rule -> find(rule, "active").filter(JsonBoolean.FALSE::equals).isEmpty())
            .map(rule -> text(rule, "id"))
            .allMatch(done::contains)
        && (policy().isPresent() || done.isEmpty());
  }

  /// How many rules stand as `state` says.
  public int rules(String state) {
    return (int)
        items(status, "rules").stream()
            .filter(rule -> text(rule, "state").equals(Optional.of(state)))
            .count();
  }

  /// What the gate refused, newest reasons included, in words.
  public List<String> refused() {
    return find(status, "refused")
        .map(v ->
            v instanceof JsonObject(var members)
                ? List.copyOf(members.keySet())
                : List.<String>of())
        .orElse(List.of());
  }

  public List<String> problems() {
    return items(status, "problems").stream()
        .flatMap(v ->
            v instanceof JsonString(var text)
                ? java.util.stream.Stream.of(text)
                : java.util.stream.Stream.empty())
        .toList();
  }

  private static Optional<JsonValue> find(JsonValue value, String... path) {
    JsonValue at = value;
    for (String name : path) {
      JsonValue next = at instanceof JsonObject(var members) ? members.get(name) : null;
      if (next == null) return Optional.empty();
      at = next;
    }
    return Optional.of(at);
  }

  private static Optional<String> text(JsonValue value, String... path) {
    return find(value, path)
        .flatMap(v -> v instanceof JsonString(var text) ? Optional.of(text) : Optional.empty());
  }

  private static List<JsonValue> items(JsonValue value, String... path) {
    return find(value, path)
        .flatMap(v -> v instanceof JsonArray(var items) ? Optional.of(items) : Optional.empty())
        .orElse(List.of());
  }

  /// One line for people.
  public String toText() {
    return policy().map(p -> "'" + p + "'").orElse("no policy")
        + gpo().map(g -> " of GPO '" + g + "'").orElse("")
        + ", version "
        + versionNumber()
        + ", "
        + outcome()
        + ", "
        + rules("ENFORCED")
        + " of "
        + rules()
        + " rules enforced"
        + (refused().isEmpty() ? "" : ", refused " + refused())
        + (problems().isEmpty() ? "" : ", problems " + problems());
  }
}
