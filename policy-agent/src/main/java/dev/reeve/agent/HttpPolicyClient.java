package dev.reeve.agent;

import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.http.HttpRequest;
import dev.reeve.agent.http.HttpResponse;
import dev.reeve.agent.http.ServerAddresses;
import dev.reeve.agent.http.ServerConnection;
import dev.reeve.agent.http.Servers;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// The endpoint over HTTP/1.1 and mutual TLS 1.3; keeps one connection for as long as it lasts.
final class HttpPolicyClient implements PolicyClient {

  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int MAX_SMALL = 256 << 10;
  static final int MAX_OBJECT = 8 << 20;

  private final Servers servers;
  private volatile @Nullable ServerConnection connection;
  private volatile boolean aborted;

  /// @param servers in the order to try them
  /// @param sockets for each, with this host's certificate and what the server must show
  HttpPolicyClient(
      List<Endpoint> servers,
      ServerAddresses addresses,
      Function<Endpoint, SSLSocketFactory> sockets) {
    this.servers = new Servers(servers, addresses, sockets);
  }

  @Override
  public InetAddress connect() throws IOException {
    return connection().localAddress();
  }

  private ServerConnection connection() throws IOException {
    ServerConnection open = connection;
    if (open == null || !open.usable()) {
      open = servers.open();
      connection = open;
    }
    if (aborted) {
      open.close();
      throw new IOException("given up: something newer is asked");
    }
    return open;
  }

  @Override
  public Answer policy(Question question) throws IOException {
    HttpRequest request =
        HttpRequest.get("/agent/v1/policy")
            .header("Reeve-Floor", question.floor().toString())
            .header("Reeve-Facts", question.facts().hex());
    if (question.key().isPresent()) {
      request = request.header("Reeve-Key", question.key().get().hex());
    }
    if (question.etag().isPresent()) {
      request = request.header("If-None-Match", question.etag().get());
    }
    if (question.patience().toSeconds() > 0) {
      request = request.header("Prefer", "wait=" + question.patience().toSeconds());
    }
    HttpResponse response =
        exchange(request, BundleGate.MAX_SIGNED_BYTES + 1, ANSWER.plus(question.patience()));
    var side =
        new Side(
            response.header("Reeve-Facts-Wanted").filter("yes"::equals).isPresent(),
            response.header("Reeve-Key-Wanted").filter("yes"::equals).isPresent(),
            response.date());
    if (response.status() == 304) return new Answer.Unchanged(side);
    String etag = response.header("ETag").filter(HttpPolicyClient::sane).orElse("");
    return new Answer.Manifest(expect(request, response, 200).body(), etag, side);
  }

  private static boolean sane(String etag) {
    return etag.matches("(W/)?\"[!#-~]{1,200}\"");
  }

  @Override
  public byte[] object(Digest digest) throws IOException {
    HttpRequest request = HttpRequest.get("/agent/v1/objects/" + digest);
    return expect(request, exchange(request, MAX_OBJECT, ANSWER), 200).body();
  }

  @Override
  public void putFacts(byte[] facts) throws IOException {
    send(HttpRequest.with("PUT", "/agent/v1/facts", "application/json", facts));
  }

  @Override
  public void putEncryptionKey(String key) throws IOException {
    byte[] body = key.getBytes(StandardCharsets.US_ASCII);
    send(HttpRequest.with("PUT", "/agent/v1/encryption-key", "application/x-pem-file", body));
  }

  @Override
  public void report(byte[] report) throws IOException {
    send(HttpRequest.with("POST", "/agent/v1/report", "application/json", report));
  }

  @Override
  public String renew(String csr) throws IOException {
    byte[] body = csr.getBytes(StandardCharsets.US_ASCII);
    return new String(
        send(HttpRequest.with("POST", "/agent/v1/renew", "application/x-pem-file", body)).body(),
        StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] signers() throws IOException {
    return send(HttpRequest.get("/agent/v1/signers")).body();
  }

  private HttpResponse send(HttpRequest request) throws IOException {
    return expect(request, exchange(request, MAX_SMALL, ANSWER), 200);
  }

  private static HttpResponse expect(HttpRequest request, HttpResponse response, int status)
      throws RefusedByServerException {
    boolean good = response.status() == status || (status == 200 && response.status() / 100 == 2);
    if (good) return response;
    throw new RefusedByServerException(
        response.status(), request + " was answered " + response.problem());
  }

  /// A kept connection may have been closed meanwhile: every request here may be sent twice.
  private HttpResponse exchange(HttpRequest request, int maxBody, Duration within)
      throws IOException {
    ServerConnection first = connection();
    try {
      return first.exchange(request, maxBody, within);
    } catch (IOException e) {
      if (aborted || !first.reused()) {
        servers.failed(first.server());
        throw e;
      }
    }
    ServerConnection second = connection();
    try {
      return second.exchange(request, maxBody, within);
    } catch (IOException e) {
      servers.failed(second.server());
      throw e;
    }
  }

  @Override
  public String server() {
    return servers.current().toString();
  }

  @Override
  public void abort() {
    aborted = true;
    close();
  }

  @Override
  public void rearm() {
    aborted = false;
  }

  @Override
  public void close() {
    ServerConnection open = connection;
    if (open != null) open.close();
  }
}
