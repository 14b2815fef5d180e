package dev.reeve.server.endpoint;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.endpoint.AgentService.Answer;
import dev.reeve.server.endpoint.AgentService.Poll;
import dev.reeve.trust.HostCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which request means what. Everything that may wait runs on a worker.
final class AgentRequests {

  private static final Logger LOG = LoggerFactory.getLogger("endpoint");
  private static final Pattern WAIT = Pattern.compile("wait=([0-9]{1,4})");
  private static final long MAX_WAIT_SECONDS = 300;
  private static final String OBJECTS = "/agent/v1/objects/";

  /// How a request's connection is spoken to.
  interface Replies {
    void reply(AgentReply reply);

    /// @return cancels it
    Runnable in(long seconds, Runnable task);

    void whenClosed(Runnable task);
  }

  private final AgentService service;
  private final ParkedPolls parked;
  private final Executor workers;
  private final AttemptLimiter limiter;
  private final InstantSource clock;

  AgentRequests(
      AgentService service,
      ParkedPolls parked,
      Executor workers,
      AttemptLimiter limiter,
      InstantSource clock) {
    this.service = service;
    this.parked = parked;
    this.workers = workers;
    this.limiter = limiter;
    this.clock = clock;
  }

  void handle(AgentRequest request, Replies replies) {
    workers.execute(() -> {
      try {
        route(request, replies);
      } catch (IllegalArgumentException e) {
        replies.reply(AgentReply.error(400, "BAD_REQUEST", String.valueOf(e.getMessage())));
      } catch (RuntimeException e) {
        LOG.error("{} {} failed; report this as a bug", request.method(), request.path(), e);
        replies.reply(AgentReply.error(500, "FAILED", "the server's log says why"));
      }
    });
  }

  private void route(AgentRequest request, Replies replies) {
    String what = request.method() + " " + request.path();
    if (what.startsWith("GET " + OBJECTS)) {
      var digest = new Digest(request.path().substring(OBJECTS.length()));
      withHost(request, replies::reply, host -> object(service.object(host, digest)));
      return;
    }
    switch (what) {
      case "GET /agent/v1/policy" -> poll(request, replies);
      case "GET /agent/v1/signers" ->
          withHost(request, replies::reply, host -> json(service.signers(host)));
      case "PUT /agent/v1/facts" ->
          withHost(request, replies::reply, host -> done(service.facts(host, request.body())));
      case "PUT /agent/v1/encryption-key" ->
          withHost(
              request, replies::reply, host -> done(service.encryptionKey(host, request.body())));
      case "POST /agent/v1/report" ->
          withHost(request, replies::reply, host -> done(service.report(host, request.body())));
      case "POST /agent/v1/enroll" -> replies.reply(enroll(request));
      case "POST /agent/v1/renew" -> replies.reply(renew(request));
      default -> replies.reply(AgentReply.error(404, "NOT_FOUND", "no such request: " + what));
    }
  }

  private void withHost(
      AgentRequest request, Consumer<AgentReply> replies, Function<HostId, AgentReply> answer) {
    Optional<HostCertificate> certificate = request.certificate();
    if (certificate.isEmpty()) {
      replies.accept(
          AgentReply.error(401, "NO_CERTIFICATE", "this needs the host's certificate: join first"));
    } else if (!certificate.get().validAt(clock.instant())) {
      replies.accept(
          AgentReply.error(
              401,
              "CERTIFICATE_EXPIRED",
              "the host's certificate has expired: POST /agent/v1/renew"));
    } else {
      replies.accept(answer.apply(certificate.get().host()));
    }
  }

  private AgentReply enroll(AgentRequest request) {
    Instant now = clock.instant();
    if (!limiter.allows(request.address(), now)) {
      return AgentReply.error(
          429, "TOO_MANY_ATTEMPTS", "too many failed attempts from this address; wait a minute");
    }
    Answer<Enrolment.Response> answer = service.enroll(Enrolment.Request.parse(request.body()));
    return switch (answer) {
      case Answer.Ok<Enrolment.Response>(var response) ->
          AgentReply.body("application/json", response.toBytes());
      case Answer.No<Enrolment.Response>(var status, var code, var detail) -> {
        limiter.failed(request.address(), now);
        yield AgentReply.error(status, code, detail);
      }
    };
  }

  /// An expired certificate may be renewed; a revoked one may not, which the service knows.
  private AgentReply renew(AgentRequest request) {
    if (request.certificate().isEmpty()) {
      return AgentReply.error(
          401, "NO_CERTIFICATE", "this needs the host's certificate, expired or not");
    }
    Answer<String> answer =
        service.renew(
            request.certificate().get().host(), new String(request.body(), StandardCharsets.UTF_8));
    return switch (answer) {
      case Answer.Ok<String>(var pem) ->
          AgentReply.body("application/x-pem-file", pem.getBytes(StandardCharsets.UTF_8));
      case Answer.No<String>(var status, var code, var detail) ->
          AgentReply.error(status, code, detail);
    };
  }

  private static AgentReply object(Answer<byte[]> answer) {
    return switch (answer) {
      case Answer.Ok<byte[]>(var body) -> AgentReply.object(body);
      case Answer.No<byte[]>(var status, var code, var detail) ->
          AgentReply.error(status, code, detail);
    };
  }

  private static AgentReply json(Answer<byte[]> answer) {
    return switch (answer) {
      case Answer.Ok<byte[]>(var body) -> AgentReply.body("application/json", body);
      case Answer.No<byte[]>(var status, var code, var detail) ->
          AgentReply.error(status, code, detail);
    };
  }

  private static AgentReply done(Answer<AgentService.Done> answer) {
    return switch (answer) {
      case Answer.Ok<AgentService.Done> _ -> AgentReply.done();
      case Answer.No<AgentService.Done>(var status, var code, var detail) ->
          AgentReply.error(status, code, detail);
    };
  }

  private void poll(AgentRequest request, Replies replies) {
    Optional<BundleVersion> floor = request.floor().map(BundleVersion::parse);
    var has =
        new AgentService.Has(request.facts().map(Digest::new), request.key().map(Digest::new));
    long wait = request.prefer().map(AgentRequests::seconds).orElse(0L);
    long generation =
        service.generation(); // before the answer: a change in between is noticed when it is parked
    withHost(
        request,
        reply -> {
          boolean nothingNew = reply.status() == 304 && !reply.wantsMore();
          Optional<HostId> host = request.certificate().map(HostCertificate::host);
          if (nothingNew && wait > 0 && host.isPresent())
            park(host.get(), floor, reply, wait, generation, replies);
          else replies.reply(reply);
        },
        host -> policy(service.poll(host, floor, has), request.ifNoneMatch().orElse("")));
  }

  private static long seconds(String prefer) {
    Matcher wait = WAIT.matcher(prefer);
    return wait.find() ? Math.min(MAX_WAIT_SECONDS, Long.parseLong(wait.group(1))) : 0;
  }

  private static AgentReply policy(Answer<Poll> answer, String has) {
    return switch (answer) {
      case Answer.Ok<Poll>(var poll) ->
          poll.etag().equals(has) ? AgentReply.notModified(poll) : AgentReply.manifest(poll);
      case Answer.No<Poll>(var status, var code, var detail) ->
          AgentReply.error(status, code, detail);
    };
  }

  private void park(
      HostId host,
      Optional<BundleVersion> floor,
      AgentReply nothingNew,
      long wait,
      long generation,
      Replies replies) {
    String etag = nothingNew.headers().getOrDefault("ETag", "");
    var poll =
        new ParkedPolls.Parked(host, floor, etag, answer -> replies.reply(policy(answer, "")));
    if (!parked.park(poll, generation)) {
      replies.reply(nothingNew);
      return;
    }
    Runnable timer =
        replies.in(
            wait,
            () -> {
              if (parked.remove(poll)) replies.reply(nothingNew);
            });
    replies.whenClosed(() -> {
      timer.run();
      boolean unused = parked.remove(poll);
    });
  }
}
