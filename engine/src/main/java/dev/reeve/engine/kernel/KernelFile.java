package dev.reeve.engine.kernel;

import dev.reeve.engine.tool.ToolException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file below `/proc` that every network has one of. Below `/proc/net` it is that of the first
/// thread's network; below `/proc/thread-self/net` and `/proc/sys/net`, that of the thread's own.
public record KernelFile(Namespace network, Path path) {

  public String read() throws ToolException {
    return network.does(() -> {
      try {
        return Files.readString(path, StandardCharsets.US_ASCII);
      } catch (IOException e) {
        throw new ToolException("cannot read " + path + " (" + e + ")", e);
      }
    });
  }

  public void write(String text) throws ToolException {
    Path unused =
        network.does(() -> {
          try {
            return Files.writeString(path, text, StandardCharsets.US_ASCII);
          } catch (IOException e) {
            throw new ToolException("cannot write " + path + " (" + e + ")", e);
          }
        });
  }
}
