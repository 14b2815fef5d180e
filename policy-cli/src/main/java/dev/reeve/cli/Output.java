package dev.reeve.cli;

/// In what form a command prints facts.
public enum Output {
  TEXT,
  JSON
}
