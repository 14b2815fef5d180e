package dev.reeve.server.store;

import dev.reeve.model.bundle.HostId;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Records versions until it is killed, or up to the last one asked for, and prints each that was
/// acknowledged.
final class LedgerProcess {

  private LedgerProcess() {}

  public static void main(String[] args) {
    var source = new JdbcDataSource();
    source.setUrl(Database.h2Url(Path.of(args[0])));
    var ledger = new JdbcLedger(JdbcClient.create(source));
    var host = new HostId(args[1]);
    long last = Long.parseLong(args[3]);
    for (long version = Long.parseLong(args[2]); version <= last; version++) {
      ledger.record(host, StoreContract.entry(version, "signed"));
      System.out.println("acknowledged " + version);
    }
  }
}
