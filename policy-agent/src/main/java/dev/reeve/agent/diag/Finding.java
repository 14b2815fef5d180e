package dev.reeve.agent.diag;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue.JsonObject;

/// What came of one check.
///
/// @param check a word that stays: `dns`, `clock`, …
/// @param detail what was seen
/// @param advice what to do; empty when there is nothing to do
public record Finding(String check, State state, String detail, String advice) {

  public enum State {
    OK,
    NOT_OK,
    /// Does not concern this host.
    SKIPPED
  }

  public static Finding ok(String check, String detail) {
    return new Finding(check, State.OK, detail, "");
  }

  public static Finding notOk(String check, String detail, String advice) {
    return new Finding(check, State.NOT_OK, detail, advice);
  }

  public static Finding skipped(String check, String why) {
    return new Finding(check, State.SKIPPED, why, "");
  }

  public JsonObject toJson() {
    return JsonBuilder.object()
        .put("check", check)
        .put(
            "state",
            switch (state) {
              case OK -> "ok";
              case NOT_OK -> "not ok";
              case SKIPPED -> "skipped";
            })
        .put("detail", detail)
        .put("advice", advice)
        .build();
  }
}
