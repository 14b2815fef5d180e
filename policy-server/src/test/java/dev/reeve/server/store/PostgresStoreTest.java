package dev.reeve.server.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;

/// The contract on this machine's own PostgreSQL.
class PostgresStoreTest extends StoreContract {

  private Optional<NativePostgres> postgres = Optional.empty();

  @Override
  DataSource open() throws Exception {
    Optional<Path> programs = NativePostgres.findPrograms();
    assumeTrue(programs.isPresent(), "the package postgresql is not installed");
    NativePostgres started = NativePostgres.start(programs.orElseThrow());
    postgres = Optional.of(started);
    return started.source();
  }

  @Override
  void close() throws Exception {
    if (postgres.isPresent()) postgres.get().close();
  }
}
