package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.status.StatusReport;
import dev.reeve.server.reports.Reports;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcReports implements Reports {

  private final JdbcClient jdbc;

  public JdbcReports(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void save(HostId host, StatusReport report, Instant received) {
    int unused =
        jdbc.sql("insert into report (host_id, stored, json) values (?, ?, ?)")
            .param(host.text())
            .param(time(received))
            .param(new String(report.toBytes(), StandardCharsets.UTF_8))
            .update();
    int _ =
        jdbc.sql(
                """
                delete from report where host_id = ? and report_id not in (
                  select report_id from report where host_id = ?
                  order by report_id desc fetch first 20 rows only)\
                """
                    .replace("20", Integer.toString(KEPT)))
            .param(host.text())
            .param(host.text())
            .update();
  }

  @Override
  public Optional<Received> findLatest(HostId host) {
    return read(host, 1).stream().findFirst();
  }

  @Override
  public List<Received> history(HostId host) {
    return read(host, KEPT);
  }

  private List<Received> read(HostId host, int most) {
    return jdbc.sql(
            """
            select stored, json from report where host_id = ?
            order by report_id desc fetch first %d rows only\
            """
                .formatted(most))
        .param(host.text())
        .query((row, _) ->
            new Received(
                row.getObject(1, OffsetDateTime.class).toInstant(),
                StatusReport.parse(row.getString(2).getBytes(StandardCharsets.UTF_8))))
        .list();
  }
}
