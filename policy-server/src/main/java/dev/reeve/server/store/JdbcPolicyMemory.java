package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.model.bundle.HostId;
import dev.reeve.server.withdrawal.Parts;
import dev.reeve.server.withdrawal.PolicyMemory;
import dev.reeve.server.withdrawal.Remembered;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcPolicyMemory implements PolicyMemory {

  private static final String SELECT =
      """
      select p.*, h.computer_dn from host_policy p join host h on h.host_id = p.host_id
      where h.revoked is null\
      """;

  private final JdbcClient jdbc;

  public JdbcPolicyMemory(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Remembered> find(HostId host) {
    return jdbc.sql(SELECT + " and p.host_id = ?")
        .param(host.text())
        .query(JdbcPolicyMemory::remembered)
        .optional();
  }

  @Override
  public List<Remembered> all() {
    return jdbc.sql(SELECT).query(JdbcPolicyMemory::remembered).list();
  }

  private static Remembered remembered(ResultSet row, int unused) throws SQLException {
    return new Remembered(
        new HostId(row.getString("host_id")),
        row.getString("computer_dn"),
        parts(row),
        instant(row, "since"),
        instant(row, "confirmed"));
  }

  private static Parts parts(ResultSet row) throws SQLException {
    return new Parts(row.getBoolean("policy"), row.getBoolean("persistent"));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  @Override
  public void remember(
      HostId host, Optional<Boolean> policy, Optional<Boolean> persistent, Instant when) {
    Optional<Parts> had =
        jdbc.sql("select policy, persistent from host_policy where host_id = ?")
            .param(host.text())
            .query((row, _) -> parts(row))
            .optional();
    Parts before = had.orElse(Parts.NONE);
    var now = new Parts(policy.orElse(before.policy()), persistent.orElse(before.persistent()));
    if (had.isEmpty() && insert(host, now) || now.equals(before)) return;
    boolean returns = now.policy() && !before.policy() || now.persistent() && !before.persistent();
    boolean goes = before.policy() && !now.policy() || before.persistent() && !now.persistent();
    String times =
        (goes ? ", since = ?" : ", since = null") + (returns ? ", confirmed = null" : "");
    var update =
        jdbc.sql("update host_policy set policy = ?, persistent = ?" + times + " where host_id = ?")
            .param(now.policy())
            .param(now.persistent());
    if (goes) update = update.param(time(when));
    int unused = update.param(host.text()).update();
  }

  private boolean insert(HostId host, Parts now) {
    try {
      return jdbc.sql("insert into host_policy (host_id, policy, persistent) values (?, ?, ?)")
              .param(host.text())
              .param(now.policy())
              .param(now.persistent())
              .update()
          == 1;
    } catch (DuplicateKeyException _) { // another server was first
      return false;
    }
  }

  @Override
  public void confirm(Collection<HostId> hosts, Instant when) {
    for (HostId host : hosts) {
      int unused =
          jdbc.sql("update host_policy set confirmed = ? where host_id = ?")
              .param(time(when))
              .param(host.text())
              .update();
    }
  }

  @Override
  public void forgetConfirmation(Collection<HostId> hosts) {
    for (HostId host : hosts) {
      int unused =
          jdbc.sql("update host_policy set confirmed = null where host_id = ?")
              .param(host.text())
              .update();
    }
  }
}
