package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Facts;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.reports.HostFacts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcHostFacts implements HostFacts {

  private final JdbcClient jdbc;

  public JdbcHostFacts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Digest> findDigest(HostId host) {
    return jdbc.sql("select digest from facts where host_id = ?")
        .param(host.text())
        .query((row, _) -> new Digest(row.getString(1)))
        .optional();
  }

  @Override
  public Map<String, String> read(HostId host) {
    return jdbc.sql("select json from facts where host_id = ?")
        .param(host.text())
        .query((row, _) -> row.getString(1))
        .optional()
        .map(json -> Facts.parse(json.getBytes(StandardCharsets.UTF_8)))
        .orElse(Map.of());
  }

  @Override
  public Map<HostId, Map<String, String>> readAll() {
    var all = new HashMap<HostId, Map<String, String>>();
    jdbc.sql("select host_id, json from facts")
        .query(row -> {
          all.put(
              new HostId(row.getString(1)),
              Facts.parse(row.getString(2).getBytes(StandardCharsets.UTF_8)));
        });
    return all;
  }

  @Override
  public boolean save(HostId host, Map<String, String> facts, Instant when) {
    byte[] json = Facts.toBytes(facts);
    Digest digest = Digest.of(json);
    Optional<Digest> before = findDigest(host);
    if (before.filter(digest::equals).isPresent()) return false;
    if (before.isEmpty() && insert(host, digest, json, when)) return true;
    int unused =
        jdbc.sql("update facts set digest = ?, json = ?, stored = ? where host_id = ?")
            .param(digest.hex())
            .param(text(json))
            .param(time(when))
            .param(host.text())
            .update();
    return true;
  }

  private boolean insert(HostId host, Digest digest, byte[] json, Instant when) {
    try {
      int unused =
          jdbc.sql("insert into facts (host_id, digest, json, stored) values (?, ?, ?, ?)")
              .param(host.text())
              .param(digest.hex())
              .param(text(json))
              .param(time(when))
              .update();
      return true;
    } catch (DuplicateKeyException _) {
      return false;
    }
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
