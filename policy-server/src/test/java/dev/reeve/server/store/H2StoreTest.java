package dev.reeve.server.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTest extends StoreContract {

  @TempDir static Path directory;
  private Optional<JdbcConnectionPool> pool = Optional.empty();

  @Override
  DataSource open() {
    var opened = JdbcConnectionPool.create(Database.h2Url(directory.resolve("reeve")), "sa", "");
    pool = Optional.of(opened);
    return opened;
  }

  @Override
  void close() {
    pool.ifPresent(JdbcConnectionPool::dispose);
  }

  @Test
  void a_file_name_cannot_add_settings() {
    assertThatThrownBy(() -> Database.h2Url(Path.of("/var/lib/reeve;INIT=DROP ALL OBJECTS")))
        .hasMessageContaining("takes no ';'");
  }
}
