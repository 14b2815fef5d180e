package dev.reeve.engine;

import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.Xfrm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What reeve-boot does where nft does not work: the kernel drops what no policy speaks of, until
/// there is a word on it, be it that no policy is meant.
///
/// @param mark the file that reeve-boot leaves as long as that is its own doing
record BootBlock(Xfrm xfrm, Path mark) {

  boolean holds() {
    return Files.exists(mark);
  }

  void lift() throws EngineException {
    try {
      xfrm.acceptTheRest();
      if (xfrm.blocksTheRest()) throw new ToolException("done, but the kernel still blocks it");
      Files.deleteIfExists(mark);
    } catch (ToolException | IOException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }
}
