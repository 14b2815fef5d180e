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
record Unreachable(IkeDaemon daemon, int[] turn) implements IkeDaemon {

  /// Of that host, with its charon.
  static LinuxEngine engine(EspLab.Host host, int[] turn) {
    return new LinuxEngine(
        Nft.by(host.within("nft")),
        new Negotiator(
            new Xfrm(List.of("ip", "netns", "exec", host.space)),
            new Unreachable(host.charon, turn),
            host::credentials));
  }

  @Override
  public Optional<String> missing() {
    return daemon.missing();
  }

  @Override
  public Path ensure() throws IkeException {
    if (turn[0]-- == 0) throw new IkeException("it is not there");
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
