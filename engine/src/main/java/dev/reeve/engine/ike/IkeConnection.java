package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// With whom this host negotiates, and how both authenticate: an IKE_SA configuration for any peer.
///
/// @param name generated, from all but the children: a change of children alone leaves running
///   associations as they are
/// @param ends the addresses of a tunnel; empty for any peer
/// @param proposals in charon's words, most preferred first
/// @param children the more specific ones may stand anywhere; of equally good ones the first wins
public record IkeConnection(
    String name,
    IpFamily family,
    Optional<IkeChild.Ends> ends,
    IkeAuth auth,
    List<String> proposals,
    Duration lifetime,
    List<IkeChild> children) {

  /// Starts the name of every connection of ours.
  public static final String PREFIX = "reeve-";

  /// Until a silent peer is asked whether it lives: when its charon was killed, nothing gets to it
  /// until it has not answered for another 21 s.
  private static final String DEAD_PEER_DELAY = "10s";

  /// Of the policies that charon writes: below our own in the kernel's order.
  public static final long RESPOND_PRIORITY = 0x5b00_0000L;

  public IkeConnection {
    proposals = List.copyOf(proposals);
    children = List.copyOf(children);
  }

  /// The `load-conn` message.
  public ViciMessage toVici() {
    return ViciMessage.of(message -> message.section(name, this::write));
  }

  private void write(ViciMessage.Builder connection) {
    String any = family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0";
    connection
        .put("version", 2)
        .list("local_addrs", List.of(ends.map(e -> e.local().toString()).orElse(any)))
        .list("remote_addrs", List.of(remote().map(IpAddress::toString).orElse(any)))
        .list("proposals", proposals)
        .put("mobike", false)
        .put("dpd_delay", DEAD_PEER_DELAY)
        .put("rekey_time", rekey(lifetime) + "s")
        .put("over_time", Math.max(1, lifetime.toSeconds() / 10) + "s");
    switch (auth) {
      case IkeAuth.Certificate(var identity, var byName, var revocation) -> {
        connection.put("send_certreq", byName).put("send_cert", "always");
        connection.section(
            "local",
            end -> end.put("auth", "pubkey").bytes("certs", List.of(der(identity.certificate()))));
        connection.section(
            "remote",
            end ->
                end.put("auth", "pubkey")
                    .bytes("cacerts", List.of(der(identity.issuer())))
                    .put("revocation", revocation.text()));
      }
      case IkeAuth.SharedKey _ -> {
        connection.section("local", end -> end.put("auth", "psk"));
        connection.section(
            "remote",
            end -> {
              end.put("auth", "psk");
              owner().ifPresent(owner -> end.put("id", owner.toString()));
            });
      }
    }
    connection.section(
        "children", all -> children.forEach(child -> all.section(child.name(), child.toVici())));
  }

  /// Seconds; 0 would mean never.
  static long rekey(Duration lifetime) {
    return Math.max(1, lifetime.toSeconds() * 9 / 10);
  }

  /// With whom it is; empty for any peer.
  public Optional<IpAddress> remote() {
    return ends.map(IkeChild.Ends::remote).or(this::owner);
  }

  /// Whom the pre-shared key is for; empty for everybody.
  private Optional<IpAddress> owner() {
    return auth instanceof IkeAuth.SharedKey key ? key.owner(family) : Optional.empty();
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// For people: no key, no certificate.
  @Override
  public String toString() {
    String how =
        switch (auth) {
          case IkeAuth.Certificate(var identity, var _, var _) ->
              "certificate of " + identity.issuer().getSubjectX500Principal();
          case IkeAuth.SharedKey _ -> "pre-shared key";
        };
    return name
        + " ("
        + family
        + ends.map(e -> " " + e).orElse("")
        + ", "
        + how
        + ", "
        + String.join(" ", proposals)
        + ") "
        + children;
  }
}
