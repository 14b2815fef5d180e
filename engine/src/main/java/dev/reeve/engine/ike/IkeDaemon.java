package dev.reeve.engine.ike;

import java.nio.file.Path;
import java.util.Optional;

/// A charon that belongs to us alone.
public interface IkeDaemon {

  /// Makes sure that it runs, starting it if need be.
  ///
  /// @return where it takes commands
  /// @throws IkeException when there is none and none can be started
  Path ensure() throws IkeException;

  /// Of files that count as long as it runs, also for whoever uses it after us. There from its
  /// first start on.
  Path directory();

  /// Why it cannot be started here, as far as can be seen without trying.
  Optional<String> missing();

  /// How much it logs: more than usual, or not. Touches no association. A log that has become large
  /// is put aside, in the place of the one before.
  ///
  /// @throws IkeException when it runs and does not take it
  void logging(boolean detailed) throws IkeException;

  /// Whether it runs, as far as can be seen without asking it. Cheap.
  boolean runs();
}
