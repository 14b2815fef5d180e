package dev.reeve.agent.control;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.Locale;
import java.util.Optional;

/// What can be asked of an agent on its own host.
public sealed interface ControlRequest {

  int MAX_WAIT = 600;

  /// Whether it changes something, and so needs root or the agent's own user.
  default boolean changes() {
    return switch (this) {
      case GpUpdate _, Change _, EndAssociations _ -> true;
      case Simple simple -> simple == Simple.SHUTDOWN;
    };
  }

  /// Ask the server now.
  ///
  /// @param force get everything anew and apply it again
  /// @param waitSeconds how long to wait for the result; 0 = not at all
  record GpUpdate(boolean force, int waitSeconds) implements ControlRequest {
    public GpUpdate {
      if (waitSeconds < 0 || waitSeconds > MAX_WAIT)
        throw new IllegalArgumentException(
            "waitSeconds " + waitSeconds + ", expected 0.." + MAX_WAIT);
    }
  }

  /// Add to the policy in force, or take back what was added.
  ///
  /// @param what in the words of `dev.reeve.agent.dynamic`; may hold a key
  record Change(JsonObject what) implements ControlRequest {
    @Override
    public String toString() {
      return "Change[" + what.members().get("change") + "]";
    }
  }

  /// End associations, so that they are negotiated anew.
  ///
  /// @param peer an address; empty for all
  record EndAssociations(Optional<String> peer) implements ControlRequest {}

  enum Simple implements ControlRequest {
    /// How the agent is: versions, contact, errors, rules.
    STATUS,
    /// The provenance of the bundle in force, with its policy.
    RSOP,
    /// The signed bytes, for whoever wants to check the signature.
    MANIFEST,
    /// What is in force and what happens now: policies, filters, associations, counters.
    SIGHT,
    SHUTDOWN
  }

  default JsonObject toJson() {
    return switch (this) {
      case GpUpdate(var force, var wait) ->
          JsonBuilder.object()
              .put("do", "gpupdate")
              .put("force", force)
              .put("waitSeconds", wait)
              .build();
      case Change(var what) -> JsonBuilder.object().put("do", "change").put("what", what).build();
      case EndAssociations(var peer) ->
          JsonBuilder.object().put("do", "end-associations").putOrNull("peer", peer).build();
      case Simple simple ->
          JsonBuilder.object().put("do", simple.name().toLowerCase(Locale.ROOT)).build();
    };
  }

  /// @throws JsonException when nothing of the kind can be asked
  static ControlRequest parse(JsonMembers in) {
    ControlRequest request =
        switch (in.string("do")) {
          case "gpupdate" ->
              new GpUpdate(
                  in.findBool("force").orElse(false), (int) in.number("waitSeconds", 0, MAX_WAIT));
          case "status" -> Simple.STATUS;
          case "rsop" -> Simple.RSOP;
          case "manifest" -> Simple.MANIFEST;
          case "sight" -> Simple.SIGHT;
          case "change" -> new Change(object(in, "what"));
          case "end-associations" -> new EndAssociations(in.findString("peer"));
          case "shutdown" -> Simple.SHUTDOWN;
          default ->
              throw in.error(
                  "do",
                  "expected gpupdate, status, rsop, manifest, sight, change, end-associations or"
                      + " shutdown");
        };
    in.end();
    return request;
  }

  private static JsonObject object(JsonMembers in, String name) {
    if (in.get(name) instanceof JsonObject object) return object;
    throw in.error(name, "expected an object");
  }
}
