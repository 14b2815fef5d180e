package dev.reeve.schema.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `build/fuzz` starts. As a program it lists the targets, or writes a target's seeds; its
/// other method is called by the fuzzer, with bytes for the target that property `reeve.fuzz`
/// names.
public final class FuzzMain {

  private static final FuzzTarget TARGET = FuzzTarget.named(System.getProperty("reeve.fuzz", "dn"));

  private FuzzMain() {}

  public static void fuzzerTestOneInput(byte[] data) {
    TARGET.check(data);
  }

  /// No argument lists the targets; `TARGET DIRECTORY` writes seeds.
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      for (FuzzTarget target : FuzzTarget.values()) System.out.println(target.label());
      return;
    }
    int number = 0;
    for (byte[] seed : FuzzTarget.named(args[0]).seeds())
      Files.write(Path.of(args[1], "seed-" + number++), seed);
  }
}
