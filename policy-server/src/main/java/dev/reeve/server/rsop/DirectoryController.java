package dev.reeve.server.rsop;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.CurrentSnapshot.View;
import dev.reeve.server.directory.Outage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /api/v1/directory`: how old the picture is that every other answer comes from. Anyone may
/// ask: while the directory is away, nobody can log in.
@RestController
public final class DirectoryController {

  private final CurrentSnapshot directory;
  private final InstantSource clock;

  public DirectoryController(CurrentSnapshot directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  @GetMapping(value = "/api/v1/directory", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> directory() {
    Optional<View> view = directory.view();
    if (view.isEmpty()) return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
    JsonObject json =
        JsonBuilder.object()
            .put("snapshot", view.get().generation())
            .put("computers", view.get().snapshot().computers().size())
            .put("problems", view.get().snapshot().problems().size())
            .put("ageSeconds", view.get().age(clock.instant()).toSeconds())
            .put("outage", view.get().outage().map(this::json).orElse(JsonNull.NULL))
            .build();
    return ResponseEntity.ok(JsonText.write(json) + "\n");
  }

  private JsonValue json(Outage outage) {
    return json(outage, clock.instant());
  }

  /// `{"asOf", "ageSeconds", "saved", "why"}`.
  static JsonObject json(Outage outage, Instant now) {
    return JsonBuilder.object()
        .put("asOf", outage.asOf().toString())
        .put("ageSeconds", outage.age(now).toSeconds())
        .put("saved", outage.saved())
        .put("why", outage.why())
        .build();
  }
}
