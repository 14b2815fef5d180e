package dev.reeve.server.endpoint;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.HostId;
import java.util.Optional;

/// Port: the answers to what hosts ask. Calls may wait for a database; they never run on a network
/// thread.
public interface AgentService {

  /// Rises whenever the answer to some poll may have changed.
  long generation();

  /// @param floor the newest version the host has admitted, as it says
  /// @param facts the digest of the facts it has, as it says
  Answer<Poll> poll(HostId host, Optional<BundleVersion> floor, Optional<Digest> facts);

  /// An object of the host's current manifest; no host may ask for another's.
  Answer<byte[]> object(HostId host, Digest digest);

  Answer<Done> facts(HostId host, byte[] body);

  Answer<Done> report(HostId host, byte[] body);

  Answer<Enrolment.Response> enroll(Enrolment.Request request);

  /// @return the new certificate with its issuer, PEM
  Answer<String> renew(HostId host, String csr);

  /// @param signed the manifest as signed
  /// @param etag names it
  /// @param factsWanted the server lacks the facts whose digest the host named
  record Poll(byte[] signed, String etag, boolean factsWanted) {}

  enum Done {
    DONE
  }

  /// Either what was asked for, or why not.
  sealed interface Answer<T> {

    record Ok<T>(T value) implements Answer<T> {}

    /// @param status an HTTP status
    /// @param code for machines, stable
    /// @param detail for people
    record No<T>(int status, String code, String detail) implements Answer<T> {}

    static <T> Answer<T> no(int status, String code, String detail) {
      return new No<>(status, code, detail);
    }
  }
}
