package dev.reeve.agent.disk;

import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// The rules that `reeve-boot` loads when no agent can: those for the next boot, with the ones
/// before them, and those in force now, which the next boot does not find any more.
public final class RuleFiles {

  private static final int MAX_RULES = 64 << 20;

  private final Path boot;
  private final Path run;

  /// @param state the agent's state
  /// @param run a directory that is empty after each start of the machine
  public RuleFiles(Path state, Path run) {
    this.boot = state.resolve("boot");
    this.run = run;
  }

  /// When it fails, the rules before stay.
  public void keepForBoot(String rules) throws IOException {
    DurableFiles.createDirectory(boot, Access.PRIVATE);
    Path file = boot.resolve("boot.nft");
    byte[] text = rules.getBytes(StandardCharsets.UTF_8);
    if (holds(file, text)) return;
    if (Files.exists(file)) {
      // A power cut from here on finds only the ones before, which is what a cut before would find.
      Files.move(file, boot.resolve("boot.nft.previous"), StandardCopyOption.ATOMIC_MOVE);
    }
    DurableFiles.write(file, text, Access.PRIVATE);
  }

  public void keepForNow(String rules) throws IOException {
    Path file = run.resolve("gate.nft");
    byte[] text = rules.getBytes(StandardCharsets.UTF_8);
    if (!holds(file, text)) DurableFiles.write(file, text, Access.PRIVATE);
  }

  private static boolean holds(Path file, byte[] text) throws IOException {
    try {
      return Arrays.equals(DurableFiles.read(file, MAX_RULES), text);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
