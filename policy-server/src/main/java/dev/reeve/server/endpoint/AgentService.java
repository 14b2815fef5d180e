package dev.reeve.server.endpoint;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.HostId;
import java.util.Optional;
import java.util.Set;

/// Port: the answers to what hosts ask. Calls may wait for a database; they never run on a network
/// thread.
public interface AgentService {

  /// Rises whenever the answer to some poll may have changed.
  long generation();

  /// @param floor the newest version the host has admitted, as it says
  /// @param has what the host could send, as it says
  Answer<Poll> poll(HostId host, Optional<BundleVersion> floor, Has has);

  /// An object of the host's current manifest; no host may ask for another's.
  Answer<byte[]> object(HostId host, Digest digest);

  Answer<Done> facts(HostId host, byte[] body);

  /// The key to seal this host's secrets to.
  ///
  /// @param body in PEM
  Answer<Done> encryptionKey(HostId host, byte[] body);

  Answer<Done> report(HostId host, byte[] body);

  Answer<Enrolment.Response> enroll(Enrolment.Request request);

  /// @return the new certificate with its issuer, PEM
  Answer<String> renew(HostId host, String csr);

  /// How each policy signer handed over to the next: [dev.reeve.model.bundle.Handovers].
  Answer<byte[]> signers(HostId host);

  /// @param signed the manifest as signed
  /// @param etag names it
  /// @param wanted what the host named and the server lacks
  record Poll(byte[] signed, String etag, Set<Wanted> wanted) {
    public Poll {
      wanted = Set.copyOf(wanted);
    }
  }

  /// @param facts digest of its facts
  /// @param key digest of its encryption key
  record Has(Optional<Digest> facts, Optional<Digest> key) {
    static final Has NOTHING = new Has(Optional.empty(), Optional.empty());
  }

  enum Wanted {
    FACTS("Reeve-Facts-Wanted"),
    ENCRYPTION_KEY("Reeve-Key-Wanted");

    private final String header;

    Wanted(String header) {
      this.header = header;
    }

    String header() {
      return header;
    }
  }

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
