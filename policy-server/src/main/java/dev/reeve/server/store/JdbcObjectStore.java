package dev.reeve.server.store;

import dev.reeve.model.bundle.Digest;
import dev.reeve.server.publish.ObjectStore;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcObjectStore implements ObjectStore {

  private final JdbcClient jdbc;

  public JdbcObjectStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void put(Digest digest, byte[] content) {
    if (exists(digest)) return;
    try {
      int unused =
          jdbc.sql("insert into object (digest, content) values (?, ?)")
              .param(digest.hex())
              .param(content)
              .update();
    } catch (DuplicateKeyException _) {
      // another server was faster with the same bytes
    }
  }

  private boolean exists(Digest digest) {
    return jdbc.sql("select 1 from object where digest = ?")
        .param(digest.hex())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  @Override
  public Optional<byte[]> find(Digest digest) {
    return jdbc.sql("select content from object where digest = ?")
        .param(digest.hex())
        .query((row, _) -> row.getBytes(1))
        .optional();
  }
}
