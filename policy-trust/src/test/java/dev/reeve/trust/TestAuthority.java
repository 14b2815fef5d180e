package dev.reeve.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// An authority in a temporary directory, with one signer.
final class TestAuthority {

  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  static final SecureRandom RANDOM = new SecureRandom();

  final Authority authority;
  final Identity signer;

  private TestAuthority(Authority authority) {
    this.authority = authority;
    this.signer = authority.issueSigner("1", NOON, Duration.ofDays(365));
  }

  static TestAuthority in(Path directory) {
    try {
      return new TestAuthority(Authority.openOrCreate(directory, NOON, RANDOM));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  PinnedSigners signers() {
    return pinned(signer);
  }

  PinnedSigners pinned(Identity... signers) {
    try {
      var all = new java.util.ArrayList<java.security.cert.X509Certificate>();
      for (Identity one : signers) all.addAll(one.chain());
      return PinnedSigners.of(all, authority.root());
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  PinnedIssuer issuer(Purpose purpose) {
    try {
      return PinnedIssuer.of(authority.issuer(purpose), authority.root(), purpose, NOON);
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  HostTrust hostTrust() {
    return new HostTrust(issuer(Purpose.HOST));
  }

  AgentTrust agentTrust() {
    return new AgentTrust(authority.root(), List.of(issuer(Purpose.SERVER)), signers());
  }
}
