package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.revocation.RevocationStore;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcRevocationStore implements RevocationStore {

  private static final int KEPT = 10;

  private final JdbcClient jdbc;

  public JdbcRevocationStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<Revoked> revoked(Instant now) {
    return jdbc.sql(
            """
            select c.serial, c.host_id, h.revoked from certificate c
            join host h on h.host_id = c.host_id
            where h.revoked is not null and c.valid_until > ? order by c.serial\
            """)
        .param(time(now))
        .query((row, _) ->
            new Revoked(
                new BigInteger(row.getString(1), 16),
                new HostId(row.getString(2)),
                row.getObject(3, OffsetDateTime.class).toInstant()))
        .list();
  }

  @Override
  public Optional<Issued> findLatest() {
    return jdbc.sql("select * from crl order by number desc fetch first 1 rows only")
        .query((row, _) ->
            new Issued(
                row.getLong("number"),
                new Digest(row.getString("revoked")),
                row.getObject("issued", OffsetDateTime.class).toInstant(),
                row.getBytes("content")))
        .optional();
  }

  @Override
  public boolean save(Issued issued) {
    try {
      int unused =
          jdbc.sql("insert into crl (number, revoked, issued, content) values (?, ?, ?, ?)")
              .param(issued.number())
              .param(issued.of().hex())
              .param(time(issued.issued()))
              .param(issued.content())
              .update();
    } catch (DuplicateKeyException _) {
      return false;
    }
    int unused =
        jdbc.sql("delete from crl where number <= ?").param(issued.number() - KEPT).update();
    return true;
  }
}
