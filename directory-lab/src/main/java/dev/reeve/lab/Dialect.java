package dev.reeve.lab;

/// How the same entries are written.
public enum Dialect {
  OURS,
  ACTIVE_DIRECTORY
}
