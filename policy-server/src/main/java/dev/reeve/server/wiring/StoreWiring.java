package dev.reeve.server.wiring;

import dev.reeve.server.enrolment.Audit;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.server.enrolment.TokenStore;
import dev.reeve.server.publish.Ledger;
import dev.reeve.server.publish.ObjectStore;
import dev.reeve.server.reports.HostFacts;
import dev.reeve.server.reports.Reports;
import dev.reeve.server.revocation.RevocationStore;
import dev.reeve.server.store.Database;
import dev.reeve.server.store.JdbcAudit;
import dev.reeve.server.store.JdbcHostFacts;
import dev.reeve.server.store.JdbcHosts;
import dev.reeve.server.store.JdbcLedger;
import dev.reeve.server.store.JdbcObjectStore;
import dev.reeve.server.store.JdbcPolicyMemory;
import dev.reeve.server.store.JdbcReports;
import dev.reeve.server.store.JdbcRevocationStore;
import dev.reeve.server.store.JdbcTokenStore;
import dev.reeve.server.withdrawal.PolicyMemory;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What is kept in SQL.
@Configuration(proxyBeanMethods = false)
class StoreWiring {

  /// Holding one says that the tables are there.
  record Tables(JdbcClient jdbc) {}

  @Bean
  Tables tables(DataSource source) {
    Database.migrate(source);
    return new Tables(JdbcClient.create(source));
  }

  @Bean
  Hosts hosts(Tables tables) {
    return new JdbcHosts(tables.jdbc());
  }

  @Bean
  TokenStore tokenStore(Tables tables) {
    return new JdbcTokenStore(tables.jdbc());
  }

  @Bean
  Audit audit(Tables tables) {
    return new JdbcAudit(tables.jdbc());
  }

  @Bean
  Ledger ledger(Tables tables) {
    return new JdbcLedger(tables.jdbc());
  }

  @Bean
  ObjectStore objectStore(Tables tables) {
    return new JdbcObjectStore(tables.jdbc());
  }

  @Bean
  RevocationStore revocationStore(Tables tables) {
    return new JdbcRevocationStore(tables.jdbc());
  }

  @Bean
  PolicyMemory policyMemory(Tables tables) {
    return new JdbcPolicyMemory(tables.jdbc());
  }

  @Bean
  HostFacts hostFacts(Tables tables) {
    return new JdbcHostFacts(tables.jdbc());
  }

  @Bean
  Reports reports(Tables tables) {
    return new JdbcReports(tables.jdbc());
  }
}
