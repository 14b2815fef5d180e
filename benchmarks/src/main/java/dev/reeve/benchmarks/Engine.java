package dev.reeve.benchmarks;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Namespace;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.ike.OwnCharon;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The agent's engine in a namespace. Where the kernel has ESP it negotiates, with a charon of its
/// own and one pre-shared key for everybody.
final class Engine implements AutoCloseable {

  static final byte[] KEY = "a key for measuring".getBytes(StandardCharsets.UTF_8);

  private final LinuxEngine engine;
  private final OwnCharon charon;
  private final Path directory;

  Engine(Namespace space) throws LabException {
    try {
      directory = Files.createTempDirectory("reeve-bench");
    } catch (IOException e) {
      throw new LabException("cannot make a directory for charon", e);
    }
    charon = new OwnCharon(directory.resolve("ike"), space.inside(List.of()));
    var nft = Nft.by(space.inside(List.of("nft")));
    engine =
        canNegotiate()
            ? new LinuxEngine(nft, negotiator(space, charon))
            : new LinuxEngine(nft, new Xfrm(space.inside(List.of())));
  }

  private static Negotiator negotiator(Namespace space, OwnCharon charon) {
    var credentials =
        new Negotiator.Credentials(
            Optional.empty(),
            List.of(),
            _ -> Optional.of(new IkeSecret(KEY)),
            Optional.empty(),
            Optional.empty());
    return new Negotiator(new Xfrm(space.inside(List.of())), charon, () -> credentials);
  }

  static boolean canNegotiate() {
    return new Xfrm(List.of()).whyNoEsp().isEmpty();
  }

  OwnCharon charon() {
    return charon;
  }

  /// @throws LabException when something else came of it
  <T extends ApplyOutcome> T apply(HostPolicy policy, Class<T> wanted) throws LabException {
    try {
      ApplyOutcome outcome = engine.apply(policy, HostView.NONE);
      if (wanted.isInstance(outcome)) return wanted.cast(outcome);
      String said = outcome.toString();
      throw new LabException(said.substring(0, Math.min(400, said.length())));
    } catch (EngineException e) {
      throw new LabException("apply", e);
    }
  }

  @Override
  public void close() {
    charon.close();
    try {
      String unused = Command.must("rm", "-r", directory.toString());
    } catch (LabException e) {
      System.err.println("left behind: " + directory + ": " + e.getMessage());
    }
  }
}
