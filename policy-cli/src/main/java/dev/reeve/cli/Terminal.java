package dev.reeve.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// Where a command writes, and what it knows of its surroundings.
///
/// @param password asks a person; empty when there is nobody to ask
/// @param variable reads the environment
public record Terminal(
    PrintStream out,
    PrintStream err,
    java.util.function.Function<String, Optional<char[]>> password,
    java.util.function.Function<String, Optional<String>> variable) {

  public void print(List<String> lines) {
    lines.forEach(out::println);
  }
}
