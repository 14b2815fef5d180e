package dev.reeve.agent;

import dev.reeve.agent.diag.Diagnosis;
import dev.reeve.agent.diag.Finding;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.model.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// [Diagnosis] with this host's own certificate and clock.
public final class HostDiagnosis {

  private HostDiagnosis() {}

  public static List<Finding> of(Path state, Path run, Optional<IpAddress> peer) {
    return new Diagnosis(
            state, run, peer, Diagnosis.Host.here(membership -> tls(membership, state)))
        .findings();
  }

  private static HostTls tls(Membership membership, Path state) {
    try {
      return new HostTls(StateDirectory.open(state), membership);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
