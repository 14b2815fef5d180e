package dev.reeve.server.hosts;

import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonNull;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.server.publish.Publisher;
import dev.reeve.server.reports.Reports;
import dev.reeve.server.rsop.HostRecords;
import java.util.Optional;

/// RSoP logging: what a host was given last, why, and what it made of it.
public final class EnrolledRecords implements HostRecords {

  private final CurrentSnapshot directory;
  private final Hosts hosts;
  private final Publisher publisher;
  private final Reports reports;

  public EnrolledRecords(
      CurrentSnapshot directory, Hosts hosts, Publisher publisher, Reports reports) {
    this.directory = directory;
    this.hosts = hosts;
    this.publisher = publisher;
    this.reports = reports;
  }

  @Override
  public Optional<JsonObject> findRecord(Dn computer) {
    return directory
        .view()
        .flatMap(view -> view.snapshot().findComputer(computer))
        .flatMap(Computer::guid)
        .flatMap(guid -> hosts.ofComputer(guid).stream().findFirst())
        .map(host -> record(computer, host));
  }

  private JsonObject record(Dn computer, Host host) {
    var published = publisher.findCurrent(host.id());
    JsonValue rsop =
        published
            .flatMap(p -> publisher.findObject(host.id(), p.manifest().provenance()))
            .map(JsonText::parse)
            .orElse(JsonNull.NULL);
    JsonValue report =
        reports
            .findLatest(host.id())
            .map(received -> JsonText.parse(received.report().toBytes()))
            .orElse(JsonNull.NULL);
    return JsonBuilder.object()
        .put("computer", computer.toString())
        .put("host", host.id().text())
        .put("enrolled", host.enrolled().toString())
        .put("manifest", published.map(p -> manifest(p.manifest())).orElse(JsonNull.NULL))
        .put("rsop", rsop)
        .put("report", report)
        .build();
  }

  private static JsonValue manifest(Manifest manifest) {
    return JsonText.parse(manifest.toBytes());
  }
}
