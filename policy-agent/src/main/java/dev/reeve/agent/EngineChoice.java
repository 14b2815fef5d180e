package dev.reeve.agent;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.engine.BootBlock;
import dev.reeve.engine.DryRunEngine;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.XfrmEngine;
import dev.reeve.engine.ike.OwnCharon;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/// The engine that this host gets.
///
/// @param problems what must be said about the choice
record EngineChoice(IpsecEngine engine, IkeCredentials credentials, List<String> problems) {

  private static final System.Logger ENGINE = System.getLogger("engine");

  EngineChoice {
    problems = List.copyOf(problems);
  }

  String name() {
    return engine.name();
  }

  /// @throws IOException when the kernel's engine is wanted and cannot work here
  static EngineChoice make(AgentConfig config, StateDirectory directory) throws IOException {
    var credentials = new IkeCredentials(directory, new OtherCertificates(config.certificates()));
    var xfrm = new Xfrm(List.of());
    var blocked = config.run().resolve("blocked");
    return make(
        config.engine(),
        linux(config, credentials),
        new XfrmEngine(xfrm),
        engine -> new BootBlock(engine, xfrm, blocked),
        credentials);
  }

  /// @param linux looked at, and started nothing of, unless the dry run is wanted
  /// @param withoutNft for a host that lacks nft and no right
  /// @param afterBoot around an engine that enforces
  static EngineChoice make(
      AgentConfig.EngineChoice wanted,
      LinuxEngine linux,
      IpsecEngine withoutNft,
      UnaryOperator<IpsecEngine> afterBoot,
      IkeCredentials credentials)
      throws IOException {
    if (wanted == AgentConfig.EngineChoice.DRY_RUN) return dryRun(credentials, List.of());
    try {
      var unused = linux.observe();
      for (String missing : linux.missing()) {
        ENGINE.log(
            System.Logger.Level.WARNING,
            "nothing can be negotiated here, and what must be secured is dropped: {0}",
            missing);
      }
      return new EngineChoice(afterBoot.apply(linux), credentials, List.of());
    } catch (EngineException e) {
      if (!linux.hasNft() && works(withoutNft)) {
        return new EngineChoice(
            afterBoot.apply(withoutNft), credentials, List.of(XfrmEngine.REASON));
      }
      String why = "the kernel's engine cannot work here: " + e.getMessage();
      if (wanted == AgentConfig.EngineChoice.LINUX) throw new IOException(why, e);
      return dryRun(credentials, List.of(why + "; nothing is enforced, the dry run only shows it"));
    }
  }

  private static boolean works(IpsecEngine engine) {
    try {
      var unused = engine.observe();
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  private static LinuxEngine linux(AgentConfig config, IkeCredentials credentials) {
    return switch (config.ike()) {
      case NONE -> new LinuxEngine(Nft.onThisHost(), new Xfrm(List.of()));
      case OWN -> {
        var charon = new OwnCharon(config.run().resolve("ike"), List.of());
        yield new LinuxEngine(
            Nft.onThisHost(), new Negotiator(new Xfrm(List.of()), charon, credentials::read));
      }
    };
  }

  private static EngineChoice dryRun(IkeCredentials credentials, List<String> problems) {
    var engine = new DryRunEngine(step -> ENGINE.log(System.Logger.Level.INFO, step));
    return new EngineChoice(engine, credentials, problems);
  }
}
