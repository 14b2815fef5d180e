package dev.reeve.server.publish;

import dev.reeve.model.bundle.HostId;
import java.util.Optional;

/// Port: what each host should enforce, according to the directory.
public interface HostContents {

  /// Rises with every change of the directory's picture or of this host's facts.
  long generation(HostId host);

  /// Empty when there is no picture of the directory yet.
  Optional<HostContent> find(HostId host);
}
