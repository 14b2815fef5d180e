package dev.reeve.server.withdrawal;

import dev.reeve.model.bundle.HostId;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Port: what the directory now says of every host.
public interface Fleet {

  /// @param generation of the directory's picture
  /// @param none the kinds of policy a host is to have none of, by a complete read; got by whoever
  ///   goes on to ask for the whole fleet
  record Picture(long generation, Supplier<Function<HostId, Parts>> none) {}

  /// Empty until the directory was read once.
  Optional<Picture> picture();
}
