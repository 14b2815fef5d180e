package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.server.enrolment.Audit;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcAudit implements Audit {

  private final JdbcClient jdbc;

  public JdbcAudit(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void record(Instant when, String actor, Event event, String detail) {
    int unused =
        jdbc.sql("insert into audit (happened, actor, event, detail) values (?, ?, ?, ?)")
            .param(time(when))
            .param(fit(actor, 255))
            .param(event.name())
            .param(fit(detail, 4000))
            .update();
  }

  /// What a host says may be long, and PostgreSQL takes no NUL.
  private static String fit(String text, int most) {
    String printable = text.replace('\0', '?');
    return printable.length() <= most ? printable : printable.substring(0, most - 1) + "…";
  }
}
