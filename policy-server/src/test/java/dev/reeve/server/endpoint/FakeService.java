package dev.reeve.server.endpoint;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.Facts;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.status.StatusReport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Answers with what the test wants and remembers what it was asked.
final class FakeService implements AgentService {

  static final HostId REVOKED = new HostId("e".repeat(32));
  static final Digest OBJECT = Digest.of(new byte[] {1});

  final AtomicLong generation = new AtomicLong(1);
  final AtomicInteger polls = new AtomicInteger();
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile Set<Wanted> wanted = Set.of();
  volatile Runnable whilePolling = () -> {};

  String etag() {
    return "\"v" + generation.get() + "\"";
  }

  /// Something else is published.
  void change() {
    generation.incrementAndGet();
  }

  @Override
  public long generation() {
    return generation.get();
  }

  @Override
  public Answer<Poll> poll(HostId host, Optional<BundleVersion> floor, Has has) {
    polls.incrementAndGet();
    asked.add("poll " + host + " " + floor.map(BundleVersion::toString).orElse("-"));
    if (host.equals(REVOKED)) return Answer.no(403, "REVOKED", "host " + host + " was revoked");
    String etag = etag();
    whilePolling.run();
    return new Answer.Ok<>(new Poll(bytes("manifest " + etag), etag, wanted));
  }

  @Override
  public Answer<byte[]> object(HostId host, Digest digest) {
    return digest.equals(OBJECT)
        ? new Answer.Ok<>(new byte[] {1})
        : Answer.no(404, "NO_OBJECT", "the host's current manifest names no object " + digest);
  }

  @Override
  public Answer<Done> facts(HostId host, byte[] body) {
    asked.add("facts " + Facts.parse(body));
    return new Answer.Ok<>(Done.DONE);
  }

  @Override
  public Answer<Done> encryptionKey(HostId host, byte[] body) {
    asked.add("key " + new String(body, StandardCharsets.UTF_8));
    return new Answer.Ok<>(Done.DONE);
  }

  @Override
  public Answer<Done> report(HostId host, byte[] body) {
    asked.add("report " + StatusReport.parse(body).outcome());
    return new Answer.Ok<>(Done.DONE);
  }

  @Override
  public Answer<Enrolment.Response> enroll(Enrolment.Request request) {
    if (request.secret().equals("bug")) throw new IllegalStateException("secret detail");
    if (!request.secret().equals("right")) return Answer.no(403, "TOKEN_INVALID", "no such token");
    return new Answer.Ok<>(
        new Enrolment.Response(
            REVOKED, "0".repeat(32), "CN=x", "cert", "root", "issuers", "signers", List.of()));
  }

  @Override
  public Answer<String> renew(HostId host, String csr) {
    asked.add("renew " + host + " " + csr);
    return new Answer.Ok<>("renewed");
  }

  @Override
  public Answer<byte[]> signers(HostId host) {
    asked.add("signers " + host);
    return new Answer.Ok<>(bytes("{}"));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
