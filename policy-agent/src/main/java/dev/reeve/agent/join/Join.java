package dev.reeve.agent.join;

import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.http.HttpRequest;
import dev.reeve.agent.http.HttpResponse;
import dev.reeve.agent.http.ServerConnection;
import dev.reeve.agent.join.JoinException.Kind;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.JoinString;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.Csr;
import dev.reeve.trust.HostCertificate;
import dev.reeve.trust.Pem;
import dev.reeve.trust.TlsContexts;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/// Joins this host to the server that a join string names.
///
/// The key is on the disk before the server hears of it, under a name made of the token and the
/// machine: the same join string may be used again after a crash, and gives the same key; a copy of
/// this machine gets another one.
///
/// @param machineId see [MachineId#find]
/// @param facts of this host, by the address of its route to the server
public record Join(
    StateDirectory directory,
    Optional<String> machineId,
    Function<InetAddress, Map<String, String>> facts,
    InstantSource clock) {

  private static final Duration MAX_SKEW = Duration.ofMinutes(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int MAX_ANSWER = 256 << 10;

  /// Stores the membership in one go, or nothing of it.
  public Joined run(JoinString join) throws JoinException {
    String keyFile = keyFile(join);
    KeyPair keys;
    try {
      keys = directory.keyPair(keyFile);
    } catch (IOException e) {
      throw new JoinException(Kind.FAILED, "cannot keep this host's key: " + e.getMessage());
    }
    HttpResponse answer = enrol(join, keys);
    List<String> warnings = skew(answer).stream().toList();
    Membership membership = checked(join, keys, keyFile, answer, warnings);
    try {
      directory.write(membership);
    } catch (IOException e) {
      throw new JoinException(Kind.FAILED, "cannot keep this host's identity: " + e.getMessage());
    }
    return new Joined(membership, warnings);
  }

  private String keyFile(JoinString join) {
    String name = join.tokenId() + "/" + machineId.orElse("");
    Digest digest = Digest.of(name.getBytes(StandardCharsets.US_ASCII));
    return "key-" + digest.hex().substring(0, 16) + ".pem";
  }

  private HttpResponse enrol(JoinString join, KeyPair keys) throws JoinException {
    var server = new Endpoint(join.host(), join.port());
    // The handshake ends before it begins to matter when the pin does not match.
    try (ServerConnection connection = connect(join, server)) {
      Map<String, String> known = facts.apply(connection.localAddress());
      var request =
          new Enrolment.Request(
              join.tokenId(),
              join.secret(),
              Csr.create(keys),
              known.getOrDefault("hostname", ""),
              known);
      HttpResponse answer =
          connection.exchange(
              HttpRequest.with("POST", "/agent/v1/enroll", "application/json", request.toBytes()),
              MAX_ANSWER,
              ANSWER);
      if (answer.status() != 200) throw refused(server, answer);
      return answer;
    } catch (IOException e) {
      throw new JoinException(Kind.UNREACHABLE, server + " gave no answer: " + e.getMessage());
    }
  }

  private ServerConnection connect(JoinString join, Endpoint server) throws JoinException {
    try {
      var sockets = TlsContexts.forJoining(join.pin(), join.host(), clock).getSocketFactory();
      return ServerConnection.open(
          server, List.of(InetAddress.getAllByName(join.host())), join.host(), sockets);
    } catch (SSLException e) {
      if (isCutShort(e)) {
        throw new JoinException(
            Kind.UNREACHABLE,
            server
                + " ended the connection before it said who it is, nothing was sent to it: "
                + cause(e));
      }
      throw new JoinException(
          Kind.NOT_TRUSTED,
          server
              + " is not the server of this join string, so nothing was sent to it: "
              + cause(e)
              + clockHint(e));
    } catch (IOException e) {
      throw new JoinException(Kind.UNREACHABLE, server + " cannot be reached: " + e.getMessage());
    }
  }

  /// A server that is stopping, or was tired of waiting, is not a wrong one.
  private static boolean isCutShort(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException || cause instanceof SocketException) return true;
    }
    return false;
  }

  private static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) cause = cause.getCause();
    return String.valueOf(cause.getMessage());
  }

  /// A clock far off makes every certificate look wrong.
  private String clockHint(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof java.security.cert.CertificateNotYetValidException
          || cause instanceof java.security.cert.CertificateExpiredException) {
        return " (this host's clock says " + clock.instant() + "; is it right?)";
      }
    }
    return "";
  }

  private static JoinException refused(Endpoint server, HttpResponse answer) {
    Kind kind =
        answer.status() == 401 || answer.status() == 403 || answer.status() == 409
            ? Kind.NOT_PERMITTED
            : Kind.FAILED;
    return new JoinException(kind, server + " refused this host: " + answer.problem());
  }

  private Optional<String> skew(HttpResponse answer) {
    Optional<Duration> skew =
        answer.date().map(server -> Duration.between(server, clock.instant()));
    return skew.filter(by -> by.abs().compareTo(MAX_SKEW) > 0)
        .map(by ->
            "this host's clock is %d min %d s %s the server's: set it right, or certificates and policies will be refused"
                .formatted(
                    by.abs().toMinutes(),
                    by.abs().toSecondsPart(),
                    by.isNegative() ? "behind" : "ahead of"));
  }

  private Membership checked(
      JoinString join, KeyPair keys, String keyFile, HttpResponse answer, List<String> warnings)
      throws JoinException {
    try {
      Enrolment.Response response = Enrolment.Response.parse(answer.body());
      // With a clock that is off, the server's time says whether its certificates hold.
      Instant now = warnings.isEmpty() ? clock.instant() : answer.date().orElse(clock.instant());
      var unused = AgentTrust.parse(response, join.pin(), now);
      var epoch = new BundleVersion(response.epoch(), 0);
      requireOurs(response, keys);
      var servers = new ArrayList<Endpoint>();
      servers.add(new Endpoint(join.host(), join.port()));
      return new Membership(
          response.host(),
          epoch.epoch(),
          response.computer(),
          keyFile,
          machineId,
          servers,
          response.serverNames(),
          response.certificate(),
          response.root(),
          response.serverIssuers(),
          response.signers(),
          "");
    } catch (CertificateException | IllegalArgumentException e) {
      throw new JoinException(
          Kind.NOT_TRUSTED,
          "the server's answer cannot be believed, nothing was stored: " + e.getMessage());
    }
  }

  private static void requireOurs(Enrolment.Response response, KeyPair keys)
      throws CertificateException {
    X509Certificate leaf = Pem.parseCertificates(response.certificate()).getFirst();
    boolean ours =
        leaf.getPublicKey().equals(keys.getPublic())
            && HostCertificate.find(leaf)
                .filter(certificate -> certificate.host().equals(response.host()))
                .isPresent();
    if (!ours) throw new CertificateException("the certificate is not for this host and its key");
  }
}
