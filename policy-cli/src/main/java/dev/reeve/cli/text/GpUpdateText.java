package dev.reeve.cli.text;

import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue;
import java.util.List;

/// What `gpupdate` says of what an agent answered.
///
/// @param poll `arrived`, `unchanged`, `refused`, `failed`, `not-joined` or `asked`
/// @param version the bundle in force; empty = none
/// @param outcome of applying; empty = nothing applied
public record GpUpdateText(
    String poll,
    String detail,
    String version,
    String outcome,
    String outcomeDetail,
    List<String> steps) {

  public GpUpdateText {
    steps = List.copyOf(steps);
  }

  public static GpUpdateText parse(JsonValue answer) {
    var in = JsonMembers.of("$", answer);
    return new GpUpdateText(
        in.string("poll"),
        in.findString("detail").orElse(""),
        in.findString("version").orElse(""),
        in.findString("outcome").orElse(""),
        in.findString("outcomeDetail").orElse(""),
        in.strings("steps"));
  }

  /// The server was asked, and what it said is in force.
  public boolean done() {
    return switch (poll) {
      case "asked" -> true;
      case "arrived", "unchanged" -> !outcome.equals("failed");
      default -> false;
    };
  }

  public boolean unreachable() {
    return poll.equals("failed");
  }

  public List<String> lines() {
    var page = new Page();
    page.text(
        0,
        switch (poll) {
          case "asked" -> "Policy update asked for.";
          case "arrived" -> "Policy version " + version + " has arrived.";
          case "unchanged" -> "Policy version " + version + " is the newest there is.";
          case "refused" ->
              "What the server sent was refused: "
                  + detail
                  + ". The last good policy stays in force.";
          case "failed" ->
              "The server could not be asked: " + detail + ". The last good policy stays in force.";
          case "not-joined" -> "This host has not joined: " + detail;
          default -> poll + ": " + detail;
        });
    if (!outcome.isBlank()) {
      page.text(
          0,
          switch (outcome) {
                case "applied" -> "Applied";
                case "unchanged" -> "Already applied: nothing had to change";
                case "failed" -> "Applying FAILED";
                default -> outcome;
              }
              + (outcomeDetail.isBlank() ? "." : ": " + outcomeDetail));
    }
    steps.forEach(step -> page.text(2, 4, step));
    return page.lines();
  }
}
