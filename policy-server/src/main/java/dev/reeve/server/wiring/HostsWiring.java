package dev.reeve.server.wiring;

import dev.reeve.model.bundle.BundleGate;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.endpoint.AgentEndpoint;
import dev.reeve.server.endpoint.EndpointException;
import dev.reeve.server.enrolment.Audit;
import dev.reeve.server.enrolment.ComputerDirectory;
import dev.reeve.server.enrolment.Enroller;
import dev.reeve.server.enrolment.Hosts;
import dev.reeve.server.enrolment.Revoker;
import dev.reeve.server.enrolment.TokenStore;
import dev.reeve.server.enrolment.Tokens;
import dev.reeve.server.hosts.DirectoryComputers;
import dev.reeve.server.hosts.EnrolledRecords;
import dev.reeve.server.hosts.HostService;
import dev.reeve.server.hosts.RegisteredHosts;
import dev.reeve.server.publish.Ledger;
import dev.reeve.server.publish.ObjectStore;
import dev.reeve.server.publish.Publisher;
import dev.reeve.server.reports.HostFacts;
import dev.reeve.server.reports.Reports;
import dev.reeve.server.revocation.FetchedCrls;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.revocation.RevocationStore;
import dev.reeve.server.revocation.RootsCrl;
import dev.reeve.server.rsop.HostRecords;
import dev.reeve.server.rsop.RsopContents;
import dev.reeve.server.secrets.Resealed;
import dev.reeve.server.secrets.Vault;
import dev.reeve.server.wiring.DirectoryWiring.OpenDirectory;
import dev.reeve.server.wiring.TrustWiring.PolicySigner;
import dev.reeve.server.wiring.TrustWiring.ServerIdentity;
import dev.reeve.server.withdrawal.PolicyMemory;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import dev.reeve.trust.Authority;
import dev.reeve.trust.CmsSigner;
import dev.reeve.trust.HostTrust;
import dev.reeve.trust.Pem;
import dev.reeve.trust.PinnedIssuer;
import dev.reeve.trust.Purpose;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Current snapshot → signed manifests → the port that hosts poll; and how hosts come to be known.
@Configuration(proxyBeanMethods = false)
class HostsWiring {

  @Bean
  RegisteredHosts registeredHosts(Hosts hosts, HostFacts facts) {
    return new RegisteredHosts(hosts, facts);
  }

  @Bean
  WithdrawalBrake withdrawalBrake(PolicyMemory memory, ServerOptions options, Clock clock) {
    return new WithdrawalBrake(memory, options.brake(), clock);
  }

  @Bean
  FetchedCrls fetchedCrls(ServerOptions options, Clock clock) throws IOException {
    FetchedCrls crls = FetchedCrls.open(options.crls(), options.state().resolve("crls"), clock);
    crls.watch();
    return crls;
  }

  @Bean
  RevocationLists revocationLists(
      RevocationStore store,
      Authority authority,
      FetchedCrls fetched,
      ServerOptions options,
      Clock clock) {
    var root = new RootsCrl(authority.rootCrl(), TrustWiring.directory(options));
    var lists = new RevocationLists(store, authority::issueCrl, List.of(root, fetched), clock);
    lists.watch();
    return lists;
  }

  @Bean
  Revoker revoker(Hosts hosts, ComputerDirectory computers, Audit audit) {
    return new Revoker(hosts, computers, audit);
  }

  @Bean
  RsopContents rsopContents(
      CurrentSnapshot directory,
      RegisteredHosts register,
      WithdrawalBrake brake,
      Vault vault,
      RevocationLists revocations) {
    var contents = new RsopContents(directory, register, brake, new Resealed(vault), revocations);
    brake.watch(contents);
    return contents;
  }

  @Bean
  Publisher publisher(
      RsopContents contents,
      Ledger ledger,
      ObjectStore objects,
      PolicyMemory memory,
      PolicySigner signer,
      BundleGate gate,
      Clock clock) {
    return new Publisher(
        contents, ledger, objects, memory, new CmsSigner(signer.identity())::sign, gate, clock);
  }

  @Bean
  ComputerDirectory computerDirectory(CurrentSnapshot snapshot, OpenDirectory directory) {
    return new DirectoryComputers(snapshot, directory.accounts());
  }

  @Bean
  Enroller enroller(
      TokenStore tokens,
      Hosts hosts,
      ComputerDirectory computers,
      Audit audit,
      Authority authority,
      PolicySigner signer,
      ServerOptions options) {
    var server = new Enroller.ServerFacts(Pem.write(signer.identity().chain()), options.names());
    return new Enroller(tokens, hosts, computers, audit, authority, server, new SecureRandom());
  }

  @Bean
  Tokens tokens(
      TokenStore store,
      ComputerDirectory computers,
      Audit audit,
      Authority authority,
      ServerOptions options,
      AgentEndpoint endpoint) {
    var server =
        new Tokens.Server(
            options.names().getFirst(), endpoint.address().getPort(), authority.pin());
    return new Tokens(store, computers, audit, new SecureRandom(), server);
  }

  @Bean
  HostService hostService(
      CurrentSnapshot directory,
      RegisteredHosts register,
      Publisher publisher,
      Enroller enroller,
      Reports reports,
      Audit audit,
      WithdrawalBrake brake,
      RevocationLists revocations,
      PolicySigner signer,
      Clock clock) {
    return new HostService(
        directory,
        register,
        publisher,
        enroller,
        reports,
        audit,
        brake,
        revocations,
        signer.handovers(),
        clock);
  }

  @Bean
  AgentEndpoint agentEndpoint(
      ServerOptions options,
      ServerIdentity server,
      Authority authority,
      HostService service,
      CurrentSnapshot directory,
      WithdrawalBrake brake,
      RevocationLists revocations,
      Clock clock)
      throws EndpointException, CertificateException {
    var issuer =
        PinnedIssuer.of(
            authority.issuer(Purpose.HOST), authority.root(), Purpose.HOST, clock.instant());
    var endpoint =
        AgentEndpoint.open(
            options.agents(), server.identity(), new HostTrust(issuer), service, clock);
    directory.onChange(endpoint::changed);
    service.onHostChanged(endpoint::changed);
    brake.onChange(endpoint::changed);
    revocations.onChange(endpoint::changed);
    return endpoint;
  }

  @Bean
  HostRecords hostRecords(
      CurrentSnapshot directory, Hosts hosts, Publisher publisher, Reports reports) {
    return new EnrolledRecords(directory, hosts, publisher, reports);
  }
}
