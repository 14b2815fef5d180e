package dev.reeve.engine.ike;

import java.nio.file.Path;

/// A charon that belongs to us alone.
public interface IkeDaemon {

  /// Makes sure that it runs, starting it if need be.
  ///
  /// @return where it takes commands
  /// @throws IkeException when there is none and none can be started
  Path ensure() throws IkeException;

  /// Whether it runs, as far as can be seen without asking it. Cheap.
  boolean runs();
}
