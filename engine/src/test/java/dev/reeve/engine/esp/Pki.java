package dev.reeve.engine.esp;

import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Revocations;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Certificates of the shape that Reeve issues: a root, issuers of hosts and of servers below it,
/// and their leaves; beside them another root with an issuer of the same name.
public final class Pki {

  private Pki() {}

  /// @param name `host-a`, `host-b` or `host-c`
  public static IkeIdentity host(String name) {
    return identity(name, "hosts", "root");
  }

  /// A server's certificate, under the same root.
  public static IkeIdentity server() {
    return new IkeIdentity(
        List.of(certificate("server"), certificate("servers")),
        key("server"),
        certificate("hosts"),
        List.of(certificate("root"), certificate("servers")));
  }

  /// What another CA issued under the names that ours uses.
  public static IkeIdentity stranger() {
    return new IkeIdentity(
        List.of(certificate("other-host"), certificate("other-hosts")),
        key("other-host"),
        certificate("hosts"),
        List.of(certificate("root"), certificate("other-hosts"), certificate("other-root")));
  }

  /// Of a host that joined, so that its id is in it.
  ///
  /// @param name `a`, `b` or `c`; `expired` for one whose time is over
  public static IkeIdentity enrolled(String name) {
    String file = name.equals("expired") ? name : "enrolled-" + name;
    return identity(file, "enrolled-hosts", "enrolled-root");
  }

  /// What a CA that has nothing to do with Reeve issued, without another between.
  ///
  /// @param name `a` or `b`
  public static IkeIdentity acme(String name) {
    X509Certificate ca = certificate("acme");
    return new IkeIdentity(
        List.of(certificate("acme-" + name)), key("acme-" + name), ca, List.of());
  }

  /// The id in the certificate of `a`, `b` or `c`.
  public static HostId id(String name) {
    return new HostId("%032x".formatted(name.charAt(0) - 'a' + 1));
  }

  /// A CRL of the issuer of enrolled hosts: `none`, `revoked-b`, or `stale`, whose time is over; or
  /// `enrolled-root`, of what that issuer hangs from; `acme-none` or `acme-revoked-b` of the other
  /// CA.
  public static byte[] crl(String name) {
    try (InputStream in = open(name + ".crl")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What hosts are sent when the issuer of enrolled hosts has that CRL: with the root's beside it,
  /// unless `NAME without the root's`; nothing when it is `absent`.
  public static Optional<Revocations> revocations(String crl) {
    if (crl.equals("absent")) return Optional.empty();
    String name = crl.replace(" without the root's", "");
    return Optional.of(
        new Revocations(
            crl(name),
            crl.equals(name) ? List.of(crl("enrolled-root")) : List.of(),
            name.equals("revoked-b") ? Set.of(id("b")) : Set.of()));
  }

  private static IkeIdentity identity(String name, String issuer, String root) {
    return new IkeIdentity(
        List.of(certificate(name), certificate(issuer)),
        key(name),
        certificate(issuer),
        List.of(certificate(root)));
  }

  private static X509Certificate certificate(String name) {
    try (InputStream in = open(name + ".crt")) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IkeSecret key(String name) {
    try (InputStream in = open(name + ".p8")) {
      return new IkeSecret(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = Pki.class.getResourceAsStream("/pki/" + name);
    if (in == null) throw new IOException("no resource " + name);
    return in;
  }
}
