package dev.reeve.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.Handovers;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.JoinString;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.status.StatusReport;
import dev.reeve.trust.Authority;
import dev.reeve.trust.CmsSigner;
import dev.reeve.trust.Csr;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.HostCertificate;
import dev.reeve.trust.HostTrust;
import dev.reeve.trust.Identity;
import dev.reeve.trust.Pem;
import dev.reeve.trust.PinnedIssuer;
import dev.reeve.trust.Purpose;
import dev.reeve.trust.TlsContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// Plays the endpoint for one host, with real certificates and signatures.
public final class TestServer implements AutoCloseable {

  public static final HostId HOST = TestBundles.HOST;
  private static final String TOKEN = "0123456789abcdef";
  private static final String SECRET = "a".repeat(64);

  public final Authority authority;
  public final List<String> requests = new CopyOnWriteArrayList<>();
  public final List<StatusReport> reports = new CopyOnWriteArrayList<>();
  public final List<String> facts = new CopyOnWriteArrayList<>();
  public volatile Duration certificateLife = Authority.HOST_VALIDITY;
  public volatile Duration certificateAge = Duration.ZERO;
  public volatile String epoch = TestBundles.EPOCH;

  public final List<byte[]> handovers = new CopyOnWriteArrayList<>();
  public volatile Identity signer;
  private final SSLContext tls;
  private final Map<Digest, byte[]> objects = new HashMap<>(); // guarded by this, as what follows
  private byte[] signed = new byte[0];
  private String etag = "";
  private boolean down;
  private Optional<Digest> enrolledKey = Optional.empty();
  private HttpsServer server;
  private ExecutorService threads;
  private int port;

  public TestServer(Path directory) throws Exception {
    Instant now = Instant.now();
    authority = Authority.openOrCreate(directory.resolve("pki"), now, new SecureRandom());
    signer = authority.issueSigner("test", now, Duration.ofDays(30));
    tls =
        TlsContexts.forServer(
            authority.issueServer(List.of("127.0.0.1"), now, Duration.ofDays(30)),
            new HostTrust(
                PinnedIssuer.of(
                    authority.issuer(Purpose.HOST), authority.root(), Purpose.HOST, now)));
    threads = Executors.newCachedThreadPool();
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpsServer listen(int wanted) throws IOException {
    HttpsServer listening = HttpsServer.create(new InetSocketAddress("127.0.0.1", wanted), 16);
    listening.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls13 = TlsContexts.parameters();
            tls13.setWantClientAuth(true);
            parameters.setSSLParameters(tls13);
          }
        });
    listening.createContext("/agent/v1/", this::handle);
    threads = Executors.newCachedThreadPool();
    listening.setExecutor(threads);
    listening.start();
    return listening;
  }

  public JoinString joinString() {
    return new JoinString("127.0.0.1", port, TOKEN, SECRET, authority.pin());
  }

  /// Ends every connection and takes no new ones.
  public void goAway() {
    synchronized (this) {
      down = true;
      notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }

  /// What was sent before, and is still on its way in, does not count afterwards: it ends with the
  /// connections that it came by.
  public void forgetRequests() throws IOException, InterruptedException {
    goAway();
    if (!threads.awaitTermination(30, TimeUnit.SECONDS))
      throw new AssertionError("a request does not end");
    requests.clear();
    comeBack();
  }

  public void comeBack() throws IOException {
    synchronized (this) {
      down = false;
    }
    server = listen(port);
  }

  @Override
  public void close() {
    goAway();
  }

  public Manifest publish(long number, Part policy, byte[]... more) {
    Manifest manifest =
        TestBundles.manifest(
            HOST, epoch, number, policy, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    offer(new CmsSigner(signer).sign(manifest.toBytes()), "\"" + number + "\"", more);
    return manifest;
  }

  public synchronized void offer(byte[] manifest, String tag, byte[]... more) {
    objects.putAll(TestBundles.objects(more));
    signed = manifest.clone();
    etag = tag;
    notifyAll();
  }

  public synchronized byte[] signed() {
    return signed.clone();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String what = exchange.getRequestMethod() + " " + path;
    requests.add(what);
    byte[] body = exchange.getRequestBody().readNBytes(1 << 20);
    try (exchange) {
      if (path.equals("/agent/v1/enroll")) {
        enroll(exchange, body);
      } else if (host(exchange).filter(HOST::equals).isEmpty()) {
        error(exchange, 401, "UNKNOWN_HOST");
      } else if (expired(exchange) && !path.equals("/agent/v1/renew")) {
        error(exchange, 401, "CERTIFICATE_EXPIRED");
      } else if (path.equals("/agent/v1/policy")) {
        policy(exchange);
      } else if (path.startsWith("/agent/v1/objects/")) {
        object(exchange, new Digest(path.substring("/agent/v1/objects/".length())));
      } else if (path.equals("/agent/v1/facts")) {
        facts.add(new String(body, StandardCharsets.UTF_8));
        answer(exchange, 204, new byte[0]);
      } else if (path.equals("/agent/v1/report")) {
        reports.add(StatusReport.parse(body));
        answer(exchange, 204, new byte[0]);
      } else if (path.equals("/agent/v1/signers")) {
        answer(exchange, 200, new Handovers(handovers).toBytes());
      } else if (path.equals("/agent/v1/renew")) {
        certificateAge = Duration.ZERO;
        answer(exchange, 200, certificate(new String(body, StandardCharsets.US_ASCII)));
      } else {
        error(exchange, 404, "NOT_FOUND");
      }
    }
  }

  private static boolean expired(HttpExchange exchange) {
    return certificate(exchange).filter(c -> c.validAt(Instant.now())).isEmpty();
  }

  private static Optional<HostId> host(HttpExchange exchange) {
    return certificate(exchange).map(HostCertificate::host);
  }

  private static Optional<HostCertificate> certificate(HttpExchange exchange) {
    try {
      var peers = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates();
      return HostCertificate.find((X509Certificate) peers[0]);
    } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private byte[] certificate(String csr) {
    Instant from = Instant.now().minus(certificateAge);
    return Pem.write(authority.issueHost(Csr.parse(csr), HOST, from, certificateLife))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private synchronized void enroll(HttpExchange exchange, byte[] body) throws IOException {
    Enrolment.Request request = Enrolment.Request.parse(body);
    Digest key = EcKeys.digest(Csr.parse(request.csr()).key());
    if (!request.tokenId().equals(TOKEN) || !request.secret().equals(SECRET)) {
      error(exchange, 403, "TOKEN_UNKNOWN");
    } else if (enrolledKey.filter(known -> !known.equals(key)).isPresent()) {
      error(exchange, 409, "TOKEN_USED");
    } else {
      enrolledKey = Optional.of(key);
      var signers = new java.util.ArrayList<>(signer.chain());
      answer(
          exchange,
          200,
          new Enrolment.Response(
                  HOST,
                  epoch,
                  "CN=web-01",
                  new String(certificate(request.csr()), StandardCharsets.US_ASCII),
                  Pem.write(authority.root()),
                  Pem.write(authority.issuer(Purpose.SERVER)),
                  Pem.write(signers),
                  List.of("127.0.0.1"))
              .toBytes());
    }
  }

  private void policy(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    String floor = headers.getFirst("Reeve-Floor");
    if (!BundleVersion.parse(floor).epoch().equals(epoch)) {
      error(exchange, 409, "WRONG_EPOCH");
      return;
    }
    String prefer = headers.getFirst("Prefer");
    long wait = prefer == null ? 0 : Long.parseLong(prefer.substring("wait=".length()));
    String has = headers.getFirst("If-None-Match");
    byte[] manifest;
    synchronized (this) {
      long until = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
      while (etag.equals(has) && !down) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) break;
        try {
          wait(left);
        } catch (InterruptedException e) {
          throw new IOException("stopped", e);
        }
      }
      if (down) throw new IOException("going away");
      exchange.getResponseHeaders().set("ETag", etag);
      if (facts.isEmpty()) exchange.getResponseHeaders().set("Reeve-Facts-Wanted", "yes");
      if (etag.equals(has)) {
        answer(exchange, 304, new byte[0]);
        return;
      }
      manifest = signed;
    }
    answer(exchange, 200, manifest);
  }

  private void object(HttpExchange exchange, Digest digest) throws IOException {
    byte[] object;
    synchronized (this) {
      object = objects.get(digest);
    }
    if (object == null) error(exchange, 404, "NO_OBJECT");
    else answer(exchange, 200, object);
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    answer(
        exchange,
        status,
        JsonText.writeBytes(
            JsonBuilder.object().put("error", code).put("detail", "says the test").build()));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
