package dev.reeve.agent;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Port: the servers, as one host sees them. One thread asks; any thread may [#abort].
interface PolicyClient extends AutoCloseable {

  /// Connects unless there is a connection.
  ///
  /// @return this end's address: facts carry it
  InetAddress connect() throws IOException;

  Answer policy(Question question) throws IOException;

  byte[] object(Digest digest) throws IOException;

  void putFacts(byte[] facts) throws IOException;

  /// @param key what this host's secrets are to be sealed to, in PEM
  void putEncryptionKey(String key) throws IOException;

  void report(byte[] report) throws IOException;

  /// @param csr in PEM
  /// @return the new certificate with its issuer, PEM
  String renew(String csr) throws IOException;

  /// How policy signers handed over: [dev.reeve.model.bundle.Handovers].
  byte[] signers() throws IOException;

  /// The server asked last, for people.
  String server();

  /// Ends what waits for an answer, at once; so does whatever is asked before [#rearm].
  void abort();

  void rearm();

  @Override
  void close();

  /// @param etag of what this host has; empty to get it whatever it is
  /// @param patience how long the server may wait for news
  /// @param key digest of this host's encryption key; empty when it has none
  record Question(
      Optional<String> etag,
      BundleVersion floor,
      Digest facts,
      Optional<Digest> key,
      Duration patience) {}

  sealed interface Answer {
    /// What the server has not got yet, and its clock.
    Side side();

    record Unchanged(Side side) implements Answer {}

    /// @param signed not verified
    record Manifest(byte[] signed, String etag, Side side) implements Answer {}
  }

  /// @param serverTime empty when the server did not say
  record Side(boolean factsWanted, boolean keyWanted, Optional<Instant> serverTime) {}

  /// The server is there and says no.
  final class RefusedByServerException extends IOException {
    private final int status;

    RefusedByServerException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
