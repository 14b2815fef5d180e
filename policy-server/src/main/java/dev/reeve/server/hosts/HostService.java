package dev.reeve.server.hosts;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.Facts;
import dev.reeve.model.bundle.Handovers;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.status.StatusReport;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.endpoint.AgentService;
import dev.reeve.server.enrolment.Audit;
import dev.reeve.server.enrolment.Enroller;
import dev.reeve.server.publish.Published;
import dev.reeve.server.publish.Publisher;
import dev.reeve.server.reports.Reports;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.rsop.HostRegister;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.Pem;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What hosts ask, answered.
public final class HostService implements AgentService {

  private static final Logger LOG = LoggerFactory.getLogger("reports");

  private final CurrentSnapshot directory;
  private final RegisteredHosts register;
  private final Publisher publisher;
  private final Enroller enroller;
  private final Reports reports;
  private final Audit audit;
  private final WithdrawalBrake brake;
  private final RevocationLists revocations;
  private final Handovers handovers;
  private final InstantSource clock;
  private Runnable hostChanged = () -> {};

  public HostService(
      CurrentSnapshot directory,
      RegisteredHosts register,
      Publisher publisher,
      Enroller enroller,
      Reports reports,
      Audit audit,
      WithdrawalBrake brake,
      RevocationLists revocations,
      Handovers handovers,
      InstantSource clock) {
    this.directory = directory;
    this.register = register;
    this.publisher = publisher;
    this.enroller = enroller;
    this.reports = reports;
    this.audit = audit;
    this.brake = brake;
    this.revocations = revocations;
    this.handovers = handovers;
    this.clock = clock;
  }

  /// @param listener told after a host's facts or its encryption key have changed
  public void onHostChanged(Runnable listener) {
    hostChanged = listener;
  }

  @Override
  public long generation() {
    return directory.view().map(CurrentSnapshot.View::generation).orElse(0L)
        + register.generation()
        + brake.generation()
        + revocations.generation();
  }

  @Override
  public Answer<Poll> poll(HostId host, Optional<BundleVersion> floor, Has has) {
    return known(
        host,
        known -> {
          Optional<Published> published = publisher.find(host, known.epoch(), floor);
          if (published.isEmpty())
            return Answer.no(503, "NO_DIRECTORY", "the directory has not been read yet; ask again");
          var wanted = EnumSet.noneOf(Wanted.class);
          if (has.facts().filter(digest -> !digest.hex().equals(known.factsDigest())).isPresent())
            wanted.add(Wanted.FACTS);
          if (has.key().filter(key -> !register.knowsEncryptionKey(host, key)).isPresent())
            wanted.add(Wanted.ENCRYPTION_KEY);
          return new Answer.Ok<>(
              new Poll(published.get().signed(), published.get().etag(), wanted));
        });
  }

  private <T> Answer<T> known(HostId host, Function<HostRegister.Known, Answer<T>> answer) {
    Optional<HostRegister.Known> known = register.find(host);
    if (known.isEmpty())
      return Answer.no(
          403, "NOT_ENROLLED", "this server does not know host " + host + "; join again");
    if (known.get().revoked()) return Answer.no(403, "REVOKED", "host " + host + " was revoked");
    return answer.apply(known.get());
  }

  @Override
  public Answer<byte[]> object(HostId host, Digest digest) {
    return known(
        host,
        _ ->
            publisher
                .findObject(host, digest)
                .<Answer<byte[]>>map(Answer.Ok::new)
                .orElseGet(() ->
                    Answer.no(
                        404,
                        "NO_OBJECT",
                        "the host's current manifest names no object " + digest)));
  }

  @Override
  public Answer<byte[]> signers(HostId host) {
    return known(host, _ -> new Answer.Ok<>(handovers.toBytes()));
  }

  @Override
  public Answer<Done> facts(HostId host, byte[] body) {
    Map<String, String> facts = Facts.parse(body);
    return known(
        host,
        _ -> {
          boolean changed =
              register.saveFacts(host, facts, Digest.of(Facts.toBytes(facts)), clock.instant());
          if (changed) hostChanged.run();
          return new Answer.Ok<>(Done.DONE);
        });
  }

  @Override
  public Answer<Done> encryptionKey(HostId host, byte[] body) {
    PublicKey key = Pem.parsePublicKey(new String(body, StandardCharsets.US_ASCII));
    return known(
        host,
        known -> {
          if (register.saveEncryptionKey(host, key)) {
            audit.record(
                clock.instant(),
                host.text(),
                Audit.Event.ENCRYPTION_KEY,
                "secrets of " + known.computerDn() + " are sealed to key " + EcKeys.digest(key));
            hostChanged.run();
          }
          return new Answer.Ok<>(Done.DONE);
        });
  }

  @Override
  public Answer<Done> report(HostId host, byte[] body) {
    StatusReport report = StatusReport.parse(body);
    return known(
        host,
        known -> {
          reports.save(host, report, clock.instant());
          LOG.atInfo()
              .addKeyValue("host", host)
              .addKeyValue("computer", known.computerDn())
              .addKeyValue("bundle", report.running())
              .addKeyValue("outcome", report.outcome())
              .log(report.detail().isEmpty() ? "report" : report.detail());
          report
              .refused()
              .forEach(refused -> LOG.warn("host {} refused a bundle: {}", host, refused));
          return new Answer.Ok<>(Done.DONE);
        });
  }

  @Override
  public Answer<Enrolment.Response> enroll(Enrolment.Request request) {
    Instant now = clock.instant();
    return switch (enroller.enroll(request, now)) {
      case Enroller.Outcome.Enrolled(var response) -> {
        register.refresh(response.host());
        if (!request.facts().isEmpty()) {
          var unused =
              register.saveFacts(
                  response.host(), request.facts(), Digest.of(Facts.toBytes(request.facts())), now);
        }
        yield new Answer.Ok<>(response);
      }
      case Enroller.Outcome.Refused(var code, var detail) ->
          Answer.no(403, code.toString(), detail);
    };
  }

  @Override
  public Answer<String> renew(HostId host, String csr) {
    return known(
        host,
        _ ->
            switch (enroller.renew(host, csr, clock.instant())) {
              case Enroller.Renewal.Renewed(var pem) -> new Answer.Ok<>(pem);
              case Enroller.Renewal.Refused(var code, var detail) ->
                  Answer.no(403, code.toString(), detail);
            });
  }
}
