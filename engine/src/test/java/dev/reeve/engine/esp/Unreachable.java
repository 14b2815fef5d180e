package dev.reeve.engine.esp;

import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Cannot be reached once, when its turn has come.
///
/// @param turn how often it is reached before; below 0: always
/// @param dies whether whoever wants to reach it is killed instead
record Unreachable(IkeDaemon daemon, int[] turn, boolean dies) implements IkeDaemon {

  static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /// Of that host, with its charon.
  static LinuxEngine engine(EspLab.Host host, int[] turn) {
    return engine(host, new Unreachable(host.charon, turn, false));
  }

  /// Likewise; it dies when it has reached charon so often and wants to again.
  static LinuxEngine dying(EspLab.Host host, int turn) {
    return engine(host, new Unreachable(host.charon, new int[] {turn}, true));
  }

  private static LinuxEngine engine(EspLab.Host host, Unreachable daemon) {
    return new LinuxEngine(
        Nft.by(host.within("nft")),
        new Negotiator(
            new Xfrm(List.of("ip", "netns", "exec", host.space)), daemon, host::credentials));
  }

  @Override
  public Path directory() {
    return daemon.directory();
  }

  @Override
  public Optional<String> missing() {
    return daemon.missing();
  }

  @Override
  public Path ensure() throws IkeException {
    if (turn[0]-- == 0) {
      if (dies) throw new Death();
      throw new IkeException("it is not there");
    }
    return daemon.ensure();
  }

  @Override
  public boolean runs() {
    return daemon.runs();
  }

  @Override
  public void logging(boolean detailed) throws IkeException {
    daemon.logging(detailed);
  }
}
