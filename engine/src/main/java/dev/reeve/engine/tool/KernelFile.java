package dev.reeve.engine.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file below `/proc` that every network has one of: that of this process's own network, or of
/// the one that programs behind a prefix are in.
///
/// @param prefix `ip netns exec NAME`, or empty for our own network
public record KernelFile(List<String> prefix, Path path) {

  public KernelFile {
    prefix = List.copyOf(prefix);
  }

  public String read() throws ToolException {
    if (!prefix.isEmpty()) return Tool.of(prefix, "cat").run("", path.toString());
    try {
      return Files.readString(path, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new ToolException("cannot read " + path + " (" + e + ")", e);
    }
  }

  public void write(String text) throws ToolException {
    if (!prefix.isEmpty()) {
      String unused = Tool.of(prefix, "tee").run(text, path.toString());
      return;
    }
    try {
      Files.writeString(path, text, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new ToolException("cannot write " + path + " (" + e + ")", e);
    }
  }
}
