package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.enrolment.ComputerDirectory.Entry;
import dev.reeve.server.enrolment.Token.Binding;
import dev.reeve.trust.Authority;
import dev.reeve.trust.Csr;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.HostCertificate;
import dev.reeve.trust.Pem;
import dev.reeve.trust.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets hosts in. The same token with the same key gets the same answer again, so that a host that
/// lost the reply may repeat itself; with another key it is refused and audited.
public final class Enroller {

  private static final Logger LOG = LoggerFactory.getLogger("enrolment");
  private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  public sealed interface Outcome {
    record Enrolled(Enrolment.Response response) implements Outcome {}

    record Refused(Code code, String detail) implements Outcome {}
  }

  public sealed interface Renewal {
    /// @param certificate with its issuer, PEM
    record Renewed(String certificate) implements Renewal {}

    record Refused(Code code, String detail) implements Renewal {}
  }

  /// Stable: hosts and people read them.
  public enum Code {
    MALFORMED_REQUEST,
    /// No such token, or a wrong secret: which of the two is nobody's business.
    TOKEN_INVALID,
    TOKEN_EXPIRED,
    TOKEN_USED,
    NO_COMPUTER,
    SEVERAL_COMPUTERS,
    NOT_ENROLLED,
    REVOKED
  }

  /// What every host is told about its server.
  ///
  /// @param signers PEM of the policy signers to pin
  /// @param names in the server's certificate
  public record ServerFacts(String signers, List<String> names) {}

  private final TokenStore tokens;
  private final Hosts hosts;
  private final ComputerDirectory computers;
  private final Audit audit;
  private final Authority authority;
  private final ServerFacts server;
  private final SecureRandom random;

  public Enroller(
      TokenStore tokens,
      Hosts hosts,
      ComputerDirectory computers,
      Audit audit,
      Authority authority,
      ServerFacts server,
      SecureRandom random) {
    this.tokens = tokens;
    this.hosts = hosts;
    this.computers = computers;
    this.audit = audit;
    this.authority = authority;
    this.server = server;
    this.random = random;
  }

  /// Either a token that may be used, or why not.
  private sealed interface Checked<T> {
    record Good<T>(T value) implements Checked<T> {}

    record Bad<T>(Code code, String detail) implements Checked<T> {}
  }

  public Outcome enroll(Enrolment.Request request, Instant now) {
    Csr csr;
    try {
      csr = Csr.parse(request.csr());
    } catch (IllegalArgumentException e) {
      return refused(request, Code.MALFORMED_REQUEST, String.valueOf(e.getMessage()), now);
    }
    Digest key = EcKeys.digest(csr.key());
    return switch (usable(request, key, now)) {
      case Checked.Bad<Token>(var code, var detail) -> refused(request, code, detail, now);
      case Checked.Good<Token>(var token) ->
          switch (entry(token.binding(), request.hostName())) {
            case Checked.Bad<Entry>(var code, var detail) -> refused(request, code, detail, now);
            case Checked.Good<Entry>(var entry) -> admit(request, csr, key, token, entry, now);
          };
    };
  }

  private Checked<Token> usable(Enrolment.Request request, Digest key, Instant now) {
    Optional<Token> token =
        TOKEN_ID.matcher(request.tokenId()).matches()
            ? tokens.find(request.tokenId())
            : Optional.empty();
    Digest expected = token.map(Token::secretHash).orElse(Tokens.hash("no such token"));
    boolean right = sameTime(expected, Tokens.hash(request.secret()));
    if (token.isEmpty() || !right) {
      return new Checked.Bad<>(
          Code.TOKEN_INVALID,
          "there is no token " + printable(request.tokenId()) + " with this secret");
    }
    Optional<Token.Use> use = token.get().use();
    if (use.isPresent() && !use.get().key().equals(key)) {
      return new Checked.Bad<>(
          Code.TOKEN_USED,
          "token "
              + request.tokenId()
              + " was used by another key; make a new one, and find out who it was");
    }
    if (use.isEmpty() && now.isAfter(token.get().expires())) {
      return new Checked.Bad<>(
          Code.TOKEN_EXPIRED, "token " + request.tokenId() + " expired " + token.get().expires());
    }
    return new Checked.Good<>(token.get());
  }

  private static boolean sameTime(Digest a, Digest b) {
    return MessageDigest.isEqual(
        a.hex().getBytes(StandardCharsets.US_ASCII), b.hex().getBytes(StandardCharsets.US_ASCII));
  }

  private Checked<Entry> entry(Binding binding, String hostName) {
    return switch (binding) {
      case Binding.Computer(var dn) ->
          computers
              .find(dn)
              .<Checked<Entry>>map(Checked.Good::new)
              .orElseGet(() ->
                  new Checked.Bad<>(
                      Code.NO_COMPUTER, "computer " + dn + " is not in the directory any more"));
      case Binding.Name _ -> named(computers.ofName(hostName), hostName);
      case Binding.Ou(var ou) -> {
        List<Entry> there =
            computers.ofName(hostName).stream()
                .filter(e -> e.dn().parent().filter(ou::equals).isPresent())
                .toList();
        if (!there.isEmpty()) yield named(there, hostName);
        try {
          yield new Checked.Good<>(computers.create(ou, hostName));
        } catch (IllegalArgumentException e) {
          yield new Checked.Bad<>(Code.NO_COMPUTER, String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private static Checked<Entry> named(List<Entry> found, String hostName) {
    return switch (found.size()) {
      case 0 ->
          new Checked.Bad<>(
              Code.NO_COMPUTER,
              "no computer in the directory is called '" + printable(hostName) + "'");
      case 1 -> new Checked.Good<>(found.getFirst());
      default ->
          new Checked.Bad<>(
              Code.SEVERAL_COMPUTERS,
              found.size()
                  + " computers are called '"
                  + printable(hostName)
                  + "'; make a token for one of them with --computer");
    };
  }

  private Outcome admit(
      Enrolment.Request request, Csr csr, Digest key, Token token, Entry entry, Instant now) {
    Token.Use use =
        tokens.use(
            token.id(), key, token.use().map(Token.Use::host).orElseGet(() -> new HostId(hex())));
    if (!use.key().equals(key)) {
      return refused(
          request,
          Code.TOKEN_USED,
          "token " + token.id() + " was used by another key at the same moment",
          now);
    }
    HostId id = use.host();
    List<X509Certificate> chain = authority.issueHost(csr, id, now, Authority.HOST_VALIDITY);
    X509Certificate leaf = chain.getFirst();
    boolean added =
        hosts.add(
            new Host(
                id,
                hex(),
                entry.guid(),
                entry.dn().toString(),
                printable(request.hostName()),
                now,
                key,
                leaf.getSerialNumber(),
                leaf.getNotAfter().toInstant(),
                Optional.empty()));
    Host host = hosts.find(id).orElseThrow();
    if (host.isRevoked()) return refused(request, Code.REVOKED, "host " + id + " was revoked", now);
    if (!added) hosts.certified(id, key, leaf.getSerialNumber(), leaf.getNotAfter().toInstant());
    if (added) replaceOthers(host, now);
    audit.record(
        now,
        printable(request.hostName()),
        added ? Audit.Event.ENROLLED : Audit.Event.ENROLMENT_REPEATED,
        "host " + id + " as " + host.computerDn() + " with token " + token.id());
    LOG.atInfo().addKeyValue("host", id).addKeyValue("computer", host.computerDn()).log("enrolled");
    return new Outcome.Enrolled(
        new Enrolment.Response(
            id,
            host.epoch(),
            host.computerDn(),
            Pem.write(chain),
            Pem.write(authority.root()),
            Pem.write(authority.issuer(Purpose.SERVER)),
            server.signers,
            server.names));
  }

  /// One computer is one host: whoever joined as it before was reinstalled or is a copy.
  private void replaceOthers(Host host, Instant now) {
    for (Host other : hosts.ofComputer(host.computerGuid())) {
      if (other.id().equals(host.id()) || other.isRevoked()) continue;
      hosts.revoke(other.id(), now);
      audit.record(
          now,
          host.name(),
          Audit.Event.REVOKED,
          "host " + other.id() + ", replaced by " + host.id());
    }
  }

  private Outcome refused(Enrolment.Request request, Code code, String detail, Instant now) {
    String who = printable(request.hostName());
    audit.record(now, who, Audit.Event.ENROLMENT_REFUSED, code + ": " + detail);
    LOG.warn("enrolment of {} refused: {}: {}", who, code, detail);
    return new Outcome.Refused(code, detail);
  }

  /// What a stranger sends must not write lines of its own into a log.
  private static String printable(String text) {
    String safe = UNPRINTABLE.matcher(text).replaceAll("?");
    return safe.length() <= 80 ? safe : safe.substring(0, 80) + "…";
  }

  /// A new certificate for a host that has one, expired or not, as long as it was not revoked.
  public Renewal renew(HostId id, String csrPem, Instant now) {
    Optional<Host> host = hosts.find(id);
    if (host.isEmpty())
      return renewalRefused(
          id, Code.NOT_ENROLLED, "host " + id + " is not known here; join again", now);
    if (host.get().isRevoked())
      return renewalRefused(id, Code.REVOKED, "host " + id + " was revoked", now);
    Csr csr;
    try {
      csr = Csr.parse(csrPem);
    } catch (IllegalArgumentException e) {
      return renewalRefused(id, Code.MALFORMED_REQUEST, String.valueOf(e.getMessage()), now);
    }
    List<X509Certificate> chain = authority.issueHost(csr, id, now, Authority.HOST_VALIDITY);
    HostCertificate made = HostCertificate.find(chain.getFirst()).orElseThrow();
    hosts.certified(id, EcKeys.digest(csr.key()), made.serial(), made.until());
    audit.record(
        now, host.get().name(), Audit.Event.RENEWED, "host " + id + " until " + made.until());
    return new Renewal.Renewed(Pem.write(chain));
  }

  private Renewal renewalRefused(HostId id, Code code, String detail, Instant now) {
    audit.record(now, id.text(), Audit.Event.RENEWAL_REFUSED, code + ": " + detail);
    return new Renewal.Refused(code, detail);
  }

  private String hex() {
    byte[] value = new byte[16];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
