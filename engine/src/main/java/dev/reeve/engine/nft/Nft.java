package dev.reeve.engine.nft;

import dev.reeve.engine.tool.Tool;
import dev.reeve.engine.tool.ToolException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The nft program, for our own table only.
public final class Nft {

  private final Tool tool;

  private Nft(Tool tool) {
    this.tool = tool;
  }

  /// The nft of this host.
  public static Nft onThisHost() {
    return new Nft(Tool.of(List.of(), "nft"));
  }

  /// Another way to run it, such as in a network namespace.
  public static Nft by(List<String> command) {
    return new Nft(new Tool(command));
  }

  /// Our table as the kernel holds it now.
  public Optional<NftTable> read() throws NftException {
    try {
      if (!NftReader.hasTable(run("", "-j", "list", "tables"))) return Optional.empty();
      return Optional.of(
          NftReader.read(run("", "-j", "-n", "list", "table", "inet", NftTable.NAME)));
    } catch (IllegalArgumentException e) {
      throw new NftException("nft lists tables in a form we cannot read: " + e.getMessage(), e);
    }
  }

  /// Replaces our table in one transaction: on failure the kernel holds what it held before.
  public void load(NftTable table) throws NftException {
    run(table.toText(), "-f", "-");
  }

  public void remove() throws NftException {
    run(NftTable.REMOVAL, "-f", "-");
  }

  /// Whether the kernel would take it; changes nothing.
  ///
  /// @throws NftException when it would not
  public void check(NftTable table) throws NftException {
    run(table.toText(), "-c", "-f", "-");
  }

  private String run(String input, String... arguments) throws NftException {
    try {
      return tool.run(input, arguments);
    } catch (ToolException e) {
      String advice = "";
      if (e.getCause() instanceof IOException) advice = "; install the package nftables";
      if (String.valueOf(e.getMessage()).contains("not permitted")) {
        advice = "; run as root or with CAP_NET_ADMIN";
      }
      throw new NftException(
          "nft " + String.join(" ", arguments) + ": " + e.getMessage() + advice, e);
    }
  }
}
