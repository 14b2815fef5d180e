package dev.reeve.server.rsop;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopJson;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.CurrentSnapshot.View;
import dev.reeve.server.directory.Outage;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/// `GET /api/v1/rsop`: what a computer would get (`mode=planning`) or really got (`mode=logging`).
///
/// One JSON document per computer and line. While the directory is lost each has one more member,
/// `"outage": {"asOf", "ageSeconds", "saved", "why"}`: the answer is as old as that.
@RestController
public final class RsopController {

  private final CurrentSnapshot directory;
  private final HostRecords hosts;
  private final InstantSource clock;

  public RsopController(CurrentSnapshot directory, HostRecords hosts, InstantSource clock) {
    this.directory = directory;
    this.hosts = hosts;
    this.clock = clock;
  }

  @GetMapping(
      value = "/api/v1/rsop",
      params = "mode=logging",
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> logging(@RequestParam String computer) {
    return hosts
        .findRecord(named(computer))
        .map(record -> ResponseEntity.ok(line(record, directory.view().flatMap(View::outage))))
        .orElseGet(() ->
            failure(HttpStatus.NOT_FOUND, "NOT_ENROLLED", "no host has enrolled as " + computer));
  }

  @GetMapping(
      value = "/api/v1/rsop",
      params = {"computer", "mode!=logging"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> planning(
      @RequestParam String computer,
      @RequestParam Optional<String> ou,
      @RequestParam Optional<String> site,
      HttpServletRequest request) {
    // DNs hold commas, at which Spring would split a list.
    Set<Dn> groups = values(request, "group").stream().map(Dn::parse).collect(Collectors.toSet());
    var query =
        new RsopQuery(
            named(computer),
            ou.map(Dn::parse),
            site,
            values(request, "address").stream().map(IpAddress::parse).toList(),
            groups,
            facts(values(request, "fact")));
    return answer(
        view -> ResponseEntity.ok(line(RsopJson.write(view.rsop().resolve(query)), view.outage())));
  }

  private String line(JsonObject document, Optional<Outage> outage) {
    if (outage.isEmpty()) return JsonText.write(document) + "\n";
    var out = JsonBuilder.object();
    document.members().forEach(out::put);
    out.put("outage", DirectoryController.json(outage.get(), clock.instant()));
    return JsonText.write(out.build()) + "\n";
  }

  @GetMapping(value = "/api/v1/rsop", params = "all", produces = "application/x-ndjson")
  ResponseEntity<StreamingResponseBody> all() {
    var view = directory.view();
    if (view.isEmpty()) return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
    Collection<Dn> computers =
        view.get().snapshot().computers().keySet().stream().sorted().toList();
    return ResponseEntity.ok(out -> {
      var lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      for (Dn computer : computers) {
        Rsop rsop = view.get().rsop().resolve(RsopQuery.of(computer));
        lines.write(line(RsopJson.write(rsop), view.get().outage()));
      }
      lines.flush();
    });
  }

  /// A DN, or the name of one computer.
  private Dn named(String computer) {
    if (computer.indexOf('=') >= 0) return Dn.parse(computer);
    List<Dn> found =
        directory
            .view()
            .map(view -> view.snapshot().computers().values().stream())
            .orElse(Stream.empty())
            .filter(c ->
                c.dn().name().equalsIgnoreCase(computer) || c.name().equalsIgnoreCase(computer))
            .map(Computer::dn)
            .toList();
    if (found.size() == 1) return found.getFirst();
    throw new IllegalArgumentException(
        "computer: " + found.size() + " are called '" + computer + "'; give the DN of one");
  }

  private ResponseEntity<String> answer(Function<View, ResponseEntity<String>> make) {
    return directory
        .view()
        .map(make)
        .orElseGet(() ->
            failure(
                HttpStatus.SERVICE_UNAVAILABLE,
                "NO_DIRECTORY",
                "the directory has not been read yet"));
  }

  private static List<String> values(HttpServletRequest request, String name) {
    String[] values = request.getParameterValues(name);
    return values == null ? List.of() : List.of(values);
  }

  private static Map<String, String> facts(List<String> pairs) {
    var facts = new HashMap<String, String>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1)
        throw new IllegalArgumentException("fact: found '" + pair + "', expected NAME=VALUE");
      facts.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return facts;
  }

  @ExceptionHandler(IllegalArgumentException.class)
  ResponseEntity<String> badRequest(IllegalArgumentException e) {
    return failure(HttpStatus.BAD_REQUEST, "BAD_REQUEST", String.valueOf(e.getMessage()));
  }

  private static ResponseEntity<String> failure(HttpStatus status, String code, String detail) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            JsonText.write(JsonBuilder.object().put("error", code).put("detail", detail).build())
                + "\n");
  }
}
