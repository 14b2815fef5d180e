package dev.reeve.server.store;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.publish.Ledger;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcLedger implements Ledger {

  /// Versions of a host that are kept behind the newest, for whoever looks into an incident.
  private static final int KEPT = 20;

  private final JdbcClient jdbc;

  public JdbcLedger(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Entry> latest(HostId host) {
    return jdbc.sql(
            """
            select epoch, version, signed from ledger where host_id = ?
            order by ledger_id desc fetch first 1 rows only\
            """)
        .param(host.text())
        .query((row, _) ->
            new Entry(new BundleVersion(row.getString(1), row.getLong(2)), row.getBytes(3)))
        .optional();
  }

  @Override
  public void record(HostId host, Entry entry) {
    BundleVersion version = entry.version();
    if (!insert(host, entry)) {
      throw new IllegalStateException(
          "host " + host + ": another server recorded version " + version.number() + " or later");
    }
    int unused =
        jdbc.sql("delete from ledger where host_id = ? and epoch = ? and version < ?")
            .param(host.text())
            .param(version.epoch())
            .param(version.number() - KEPT)
            .update();
  }

  /// One statement, and a constraint behind it: of two servers one is late.
  private boolean insert(HostId host, Entry entry) {
    try {
      return jdbc.sql(
                  """
                  insert into ledger (host_id, epoch, version, signed)
                  select ?, ?, ?, ? where not exists (
                    select 1 from ledger where host_id = ? and epoch = ? and version >= ?)\
                  """)
              .param(host.text())
              .param(entry.version().epoch())
              .param(entry.version().number())
              .param(entry.signed())
              .param(host.text())
              .param(entry.version().epoch())
              .param(entry.version().number())
              .update()
          == 1;
    } catch (DuplicateKeyException _) {
      return false;
    }
  }

  @Override
  public void renew(HostId host, Entry entry) {
    int unused =
        jdbc.sql("update ledger set signed = ? where host_id = ? and epoch = ? and version = ?")
            .param(entry.signed())
            .param(host.text())
            .param(entry.version().epoch())
            .param(entry.version().number())
            .update();
  }
}
