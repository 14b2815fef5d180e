package dev.reeve.engine.nft;

import dev.reeve.engine.kernel.Namespace;
import dev.reeve.engine.kernel.Netlink;
import dev.reeve.engine.kernel.Netlink.Request;
import dev.reeve.engine.tool.Tool;
import dev.reeve.engine.tool.ToolException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// The nft program, for our own table only.
public final class Nft {

  private static final int NFGENMSG = 4;

  /// NFT_MSG_GETGEN of linux/netfilter/nf_tables.h, with an empty `nfgenmsg`.
  private static final Request GENERATION =
      new Request(10 << 8 | 16, Netlink.REQUEST, new byte[NFGENMSG]);

  private static final int NFTA_GEN_ID = 1;

  private final Tool tool;
  private final Optional<Netlink> netlink;

  private Nft(Tool tool, List<String> prefix) {
    this.tool = tool;
    this.netlink = Namespace.behind(prefix).map(network -> new Netlink(Netlink.NETFILTER, network));
  }

  /// The nft of this host.
  public static Nft onThisHost() {
    return new Nft(Tool.of(List.of(), "nft"), List.of());
  }

  /// Another way to run it, such as in a network namespace.
  public static Nft by(List<String> command) {
    return new Nft(new Tool(command), command.subList(0, command.size() - 1));
  }

  /// Whether there is such a program. Where no program can be started it is not the one that is
  /// missing.
  public boolean isInstalled() {
    return tool.isRunnable("--version") || !Tool.of(List.of(), "true").isRunnable();
  }

  /// Our table as the kernel holds it now.
  public Optional<NftTable> read() throws NftException {
    try {
      Optional<String> table = list();
      return table.map(NftReader::read);
    } catch (IllegalArgumentException e) {
      throw new NftException("nft lists tables in a form we cannot read: " + e.getMessage(), e);
    }
  }

  /// Why it could not be listed is nowhere but in words: whether it is there at all is asked for
  /// then only.
  private Optional<String> list() throws NftException {
    try {
      return Optional.of(run("", "-j", "-n", "list", "table", "inet", NftTable.NAME));
    } catch (NftException e) {
      if (NftReader.hasTable(run("", "-j", "list", "tables"))) throw e;
      return Optional.empty();
    }
  }

  /// A number that changes with every change of any table, ours or others'; empty when the kernel
  /// cannot be asked for it.
  public Optional<Integer> generation() {
    if (netlink.isEmpty()) return Optional.empty();
    try {
      return netlink
          .get()
          .ask(GENERATION)
          .attribute(NFGENMSG, NFTA_GEN_ID)
          .filter(value -> value.limit() >= Integer.BYTES)
          .map(value -> value.order(ByteOrder.BIG_ENDIAN).getInt(0));
    } catch (ToolException e) {
      return Optional.empty();
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
