package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// One thing that a scenario does or checks.
public interface Step {

  /// @throws LabException when it cannot be done or does not hold
  void run(Stage stage) throws LabException;

  /// Whether it needs network namespaces and rules, and so root on Linux.
  default boolean needsPackets() {
    return false;
  }

  /// Whether it needs what `build/libreswan get` unpacks.
  default boolean needsLibreswan() {
    return false;
  }
}
