package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.trust.Pem;
import java.math.BigInteger;
import java.security.PublicKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcHosts implements Hosts {

  private final JdbcClient jdbc;

  public JdbcHosts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Host> find(HostId id) {
    return jdbc.sql("select * from host where host_id = ?")
        .param(id.text())
        .query(JdbcHosts::host)
        .optional();
  }

  @Override
  public List<Host> ofComputer(String computerGuid) {
    return jdbc.sql("select * from host where computer_guid = ? order by enrolled desc, host_id")
        .param(computerGuid)
        .query(JdbcHosts::host)
        .list();
  }

  @Override
  public List<Host> all() {
    return jdbc.sql("select * from host order by host_id").query(JdbcHosts::host).list();
  }

  @Override
  public long countGood() {
    return jdbc.sql("select count(*) from host where revoked is null").query(Long.class).single();
  }

  @Override
  public boolean add(Host host) {
    remember(host.serial(), host.id(), host.validUntil());
    try {
      int unused =
          jdbc.sql(
                  """
                  insert into host (host_id, epoch, computer_guid, computer_dn, name, enrolled,
                      key_digest, serial, valid_until, revoked)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                  """)
              .param(host.id().text())
              .param(host.epoch())
              .param(host.computerGuid())
              .param(host.computerDn())
              .param(host.name())
              .param(time(host.enrolled()))
              .param(host.key().hex())
              .param(host.serial().toString(16))
              .param(time(host.validUntil()))
              .param(10, host.revoked().map(Database::time).orElse(null), TIME)
              .update();
      return true;
    } catch (DuplicateKeyException _) {
      return false;
    }
  }

  /// First: a certificate that nobody knows could not be revoked.
  private void remember(BigInteger serial, HostId host, Instant validUntil) {
    try {
      int unused =
          jdbc.sql("insert into certificate (serial, host_id, valid_until) values (?, ?, ?)")
              .param(serial.toString(16))
              .param(host.text())
              .param(time(validUntil))
              .update();
    } catch (DuplicateKeyException _) {
      // it is known
    }
  }

  private static final int TIME = java.sql.Types.TIMESTAMP_WITH_TIMEZONE;

  @Override
  public void certified(HostId id, Digest key, BigInteger serial, Instant validUntil) {
    remember(serial, id, validUntil);
    int unused =
        jdbc.sql("update host set key_digest = ?, serial = ?, valid_until = ? where host_id = ?")
            .param(key.hex())
            .param(serial.toString(16))
            .param(time(validUntil))
            .param(id.text())
            .update();
  }

  @Override
  public Optional<PublicKey> findEncryptionKey(HostId id) {
    return jdbc.sql(
            "select encryption_key from host where host_id = ? and encryption_key is not null")
        .param(id.text())
        .query(String.class)
        .optional()
        .map(Pem::parsePublicKey);
  }

  @Override
  public void saveEncryptionKey(HostId id, PublicKey key) {
    int unused =
        jdbc.sql("update host set encryption_key = ? where host_id = ?")
            .param(Pem.write(key))
            .param(id.text())
            .update();
  }

  @Override
  public void revoke(HostId id, Instant when) {
    int unused =
        jdbc.sql("update host set revoked = ? where host_id = ? and revoked is null")
            .param(time(when))
            .param(id.text())
            .update();
  }

  @Override
  public Set<HostId> revoked() {
    return new HashSet<>(
        jdbc.sql("select host_id from host where revoked is not null")
            .query((row, _) -> new HostId(row.getString(1)))
            .list());
  }

  private static Host host(ResultSet row, int number) throws SQLException {
    return new Host(
        new HostId(row.getString("host_id")),
        row.getString("epoch"),
        row.getString("computer_guid"),
        row.getString("computer_dn"),
        row.getString("name"),
        row.getObject("enrolled", OffsetDateTime.class).toInstant(),
        new Digest(row.getString("key_digest")),
        new BigInteger(row.getString("serial"), 16),
        row.getObject("valid_until", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("revoked", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }
}
