package dev.reeve.agent.control;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.Locale;

/// What can be asked of an agent on its own host.
public sealed interface ControlRequest {

  int MAX_WAIT = 600;

  /// Whether it changes something, and so needs root or the agent's own user.
  default boolean changes() {
    return switch (this) {
      case GpUpdate _ -> true;
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

  enum Simple implements ControlRequest {
    /// How the agent is: versions, contact, errors, rules.
    STATUS,
    /// The provenance of the bundle in force, with its policy.
    RSOP,
    /// The signed bytes, for whoever wants to check the signature.
    MANIFEST,
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
          case "shutdown" -> Simple.SHUTDOWN;
          default -> throw in.error("do", "expected gpupdate, status, rsop, manifest or shutdown");
        };
    in.end();
    return request;
  }
}
