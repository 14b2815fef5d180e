package dev.reeve.model.status;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.Optional;

/// A main-mode association: two peers that have proved to each other who they are. An IKE SA.
///
/// @param id charon's own number
/// @param state in charon's words: `ESTABLISHED`, `CONNECTING`, …
/// @param initiator whether this host began it
/// @param localId, remoteId as each end proved it: a certificate's name, or an address
/// @param encryption, integrity, group in charon's words; empty before they are agreed
/// @param nat who is behind one: `local`, `remote`, `both` or empty
/// @param establishedSeconds ago
/// @param rekeySeconds from now
public record MainModeSa(
    long id,
    String state,
    boolean initiator,
    String local,
    String localId,
    String remote,
    String remoteId,
    String authentication,
    String encryption,
    String integrity,
    String group,
    String nat,
    Optional<Long> establishedSeconds,
    Optional<Long> rekeySeconds) {

  public JsonObject toJson() {
    var json =
        JsonBuilder.object()
            .put("id", id)
            .put("state", state)
            .put("initiator", initiator)
            .put("local", local)
            .put("localId", localId)
            .put("remote", remote)
            .put("remoteId", remoteId)
            .put("authentication", authentication)
            .put("encryption", encryption)
            .put("integrity", integrity)
            .put("group", group)
            .put("nat", nat);
    establishedSeconds.ifPresent(seconds -> json.put("establishedSeconds", seconds));
    rekeySeconds.ifPresent(seconds -> json.put("rekeySeconds", seconds));
    return json.build();
  }

  static MainModeSa read(JsonMembers in) {
    var sa =
        new MainModeSa(
            in.number("id"),
            in.string("state"),
            in.bool("initiator"),
            in.string("local"),
            in.string("localId"),
            in.string("remote"),
            in.string("remoteId"),
            in.string("authentication"),
            in.string("encryption"),
            in.string("integrity"),
            in.string("group"),
            in.string("nat"),
            in.findNumber("establishedSeconds"),
            in.findNumber("rekeySeconds"));
    var unused = in.rest();
    return sa;
  }
}
