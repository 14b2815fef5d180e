package dev.reeve.server.withdrawal;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// What waits for an administrator.
///
/// @param hosts those held back, by id; empty = nothing is held
/// @param withdrawn how many hosts would have lost policy, those of the last hour included
/// @param had of how many that had some
public record Hold(List<Held> hosts, int withdrawn, int had) {

  static final Hold NOTHING = new Hold(List.of(), 0, 0);

  /// @param parts what it keeps although the directory says it has none
  public record Held(HostId host, String computer, Parts parts) {

    JsonObject toJson() {
      return JsonBuilder.object()
          .put("host", host.text())
          .put("computer", computer)
          .put("policy", parts.policy())
          .put("persistent", parts.persistent())
          .build();
    }
  }

  public Hold {
    hosts = List.copyOf(hosts);
  }

  public boolean isHolding() {
    return !hosts.isEmpty();
  }

  /// Names these hosts and what each would lose, so that what is confirmed is what was seen.
  public String id() {
    String text =
        hosts.stream()
            .map(h -> h.host + " " + h.parts.policy() + " " + h.parts.persistent() + "\n")
            .collect(Collectors.joining());
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
  }

  /// @param most hosts that are named
  public JsonObject toJson(int most) {
    var json = JsonBuilder.object().put("held", hosts.size());
    if (isHolding()) json.put("id", id());
    return json.put("withdrawn", withdrawn)
        .put("had", had)
        .putAll("hosts", hosts.subList(0, Math.min(most, hosts.size())), Held::toJson)
        .build();
  }
}
