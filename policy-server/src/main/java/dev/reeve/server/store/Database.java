package dev.reeve.server.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Where the tables are.
public final class Database {

  private Database() {}

  /// JDBC URL of an H2 database in a file. H2 answers a commit half a second before it writes it
  /// unless told not to wait.
  ///
  /// @param file without the `.mv.db` that H2 adds
  public static String h2Url(Path file) {
    String path = file.toAbsolutePath().toString();
    if (path.indexOf(';') >= 0)
      throw new IllegalArgumentException("'" + path + "': H2 takes no ';' in a file name");
    return "jdbc:h2:file:" + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  /// Brings the tables to this release's form.
  public static void migrate(DataSource source) {
    var unused =
        Flyway.configure()
            .dataSource(source)
            .locations("classpath:db/migration")
            .placeholders(Map.of("bytes", isPostgres(source) ? "bytea" : "blob"))
            .load()
            .migrate();
  }

  private static boolean isPostgres(DataSource source) {
    try (Connection connection = source.getConnection()) {
      return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot reach the database: " + e.getMessage(), e);
    }
  }

  /// As both databases keep it: microseconds.
  static OffsetDateTime time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
