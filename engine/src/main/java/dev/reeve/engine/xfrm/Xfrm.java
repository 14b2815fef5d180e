package dev.reeve.engine.xfrm;

import dev.reeve.engine.kernel.KernelFile;
import dev.reeve.engine.kernel.Namespace;
import dev.reeve.engine.kernel.Netlink;
import dev.reeve.engine.tool.Tool;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.model.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// The kernel's IPsec, and the addresses that it is between: what is asked often through netlink
/// and files, the rest through the ip program.
public final class Xfrm {

  /// Between addresses that carry no traffic; removed again at once.
  private static final String PROBE = "src 127.0.83.1 dst 127.0.83.2 proto esp spi 0x52454556";

  /// Read in a few milliseconds.
  private static final int MOST_READ = 4096;

  private final Tool ip;
  private final Netlink netlink;
  private final Netlink routes;
  private final KernelFile larvalDrop;
  private final KernelFile counters;
  private final List<KernelFile> forwarding;

  /// @param prefix how to run programs: `ip netns exec NAME`, whose last word is the network that
  ///   netlink speaks to, or empty for plainly and here
  public Xfrm(List<String> prefix) {
    this.ip = Tool.of(prefix, "ip");
    Namespace network = Namespace.behind(prefix).orElseGet(() -> Namespace.named(prefix.getLast()));
    this.larvalDrop = new KernelFile(network, Path.of("/proc/sys/net/core/xfrm_larval_drop"));
    this.counters = new KernelFile(network, Path.of("/proc/thread-self/net/xfrm_stat"));
    this.forwarding =
        Stream.of("ipv4/ip_forward", "ipv6/conf/all/forwarding")
            .map(name -> new KernelFile(network, Path.of("/proc/sys/net", name)))
            .toList();
    this.netlink = new Netlink(Netlink.XFRM, network);
    this.routes = new Netlink(Netlink.ROUTE, network);
  }

  /// Why this kernel cannot protect packets; empty when it can.
  public Optional<String> whyNoEsp() {
    try {
      ip.run(
          "xfrm state add "
              + PROBE
              + " mode transport aead rfc4106(gcm(aes))"
              + " 0x0102030405060708090a0b0c0d0e0f1011121314 128\n"
              + "xfrm state delete "
              + PROBE
              + "\n",
          "-batch",
          "-");
      return Optional.empty();
    } catch (ToolException e) {
      return Optional.of(whyNot(String.valueOf(e.getMessage())));
    }
  }

  private static String whyNot(String said) {
    if (said.contains("not permitted")) {
      return "the right to use IPsec is missing: run as root or with CAP_NET_ADMIN (" + said + ")";
    }
    return "this kernel has no ESP: it needs the modules esp4, esp6 and xfrm_user (" + said + ")";
  }

  /// Our policies, as the kernel holds them now.
  public List<XfrmPolicy> policies() throws ToolException {
    return netlink.dump(PolicyCodec.LIST).stream()
        .flatMap(answer -> PolicyCodec.read(answer).stream())
        .toList();
  }

  /// Those of charon, for a priority that it was told.
  public List<XfrmPolicy> policies(long priority) throws ToolException {
    return netlink.dump(PolicyCodec.LIST).stream()
        .flatMap(answer -> PolicyCodec.any(answer).stream())
        .filter(policy -> policy.priority() == priority)
        .toList();
  }

  /// Ours, where nothing is known of this kernel: one without IPsec holds none.
  public List<XfrmPolicy> anyPolicies() {
    try {
      return policies();
    } catch (ToolException e) {
      return List.of();
    }
  }

  /// What is as it was as long as nobody has added, removed or replaced a policy. Of more than
  /// [#MOST_READ] they are counted only: a number is cheap to ask for, where a list is not.
  public PolicyMark mark() throws ToolException {
    PolicyCount count = count();
    int ours = count.total() > MOST_READ ? 0 : Set.copyOf(policies()).hashCode();
    return new PolicyMark(count, ours);
  }

  PolicyCount count() throws ToolException {
    return PolicyCodec.count(netlink.ask(PolicyCodec.COUNT));
  }

  /// First all updates, then all deletions: what stays is never gone for a moment.
  public void change(List<XfrmPolicy> updates, List<XfrmPolicy> deletions) throws ToolException {
    var requests = new ArrayList<Netlink.Request>();
    updates.forEach(policy -> requests.add(PolicyCodec.update(policy)));
    deletions.forEach(policy -> requests.add(PolicyCodec.delete(policy)));
    netlink.change(requests);
  }

  /// Whether some of what no policy speaks of is blocked.
  public boolean blocksTheRest() throws ToolException {
    return PolicyCodec.blocks(netlink.ask(PolicyCodec.DEFAULTS));
  }

  /// What no policy speaks of passes, in every direction.
  public void acceptTheRest() throws ToolException {
    netlink.change(List.of(PolicyCodec.ACCEPT));
  }

  /// Our associations.
  public List<XfrmState> states() throws ToolException {
    return netlink.dump(StateCodec.LIST).stream()
        .flatMap(answer -> StateCodec.read(answer).stream())
        .toList();
  }

  /// Removes associations that nobody knows any more, and requests for one that would keep the
  /// kernel from asking again. One that has gone meanwhile is no failure.
  public void delete(Set<XfrmState> states) throws ToolException {
    var batch = new StringBuilder();
    states.stream()
        .sorted(Comparator.comparing(XfrmState::toString))
        .forEach(state -> state.toDelete().forEach(line -> batch.append(line).append('\n')));
    if (states.isEmpty()) return;
    try {
      ip.run(batch.toString(), "-force", "-batch", "-");
    } catch (ToolException e) {
      var left = new HashSet<>(states());
      left.retainAll(states);
      if (!left.isEmpty()) throw e;
    }
  }

  /// As if a packet had asked: whoever negotiates hears of it.
  public void acquire(XfrmAcquire asked) throws ToolException {
    netlink.change(List.of(PolicyCodec.acquire(asked)));
  }

  /// A packet that asks for an association is lost, and its sender sends it again. The kernel would
  /// keep it in one queue for all peers of a policy, and one peer that never answers would hold up
  /// the packets to all others for a minute.
  public void dropFirstPackets() throws ToolException {
    larvalDrop.write("1\n");
  }

  public boolean dropsFirstPackets() throws ToolException {
    return larvalDrop.read().strip().equals("1");
  }

  /// What the kernel refused to pass, and why: `xfrm.NAME`, without what never happened. Empty
  /// where it does not count.
  public SortedMap<String, Long> statistics() {
    var found = new TreeMap<String, Long>();
    try {
      for (String line : counters.read().lines().toList()) {
        String[] words = line.split("\\s+");
        if (words.length != 2 || !words[1].matches("[0-9]{1,18}")) continue;
        long count = Long.parseLong(words[1]);
        if (count > 0) found.put("xfrm." + words[0].replaceFirst("^Xfrm", ""), count);
      }
    } catch (ToolException e) {
      // a kernel without these counters
    }
    return found;
  }

  /// This host's own addresses that peers can reach, sorted.
  public List<OwnAddress> ownAddresses() throws ToolException {
    return addresses(scope -> scope == AddressCodec.GLOBAL);
  }

  /// Likewise, with those that only neighbours on a link can reach.
  public List<OwnAddress> allAddresses() throws ToolException {
    return addresses(scope -> scope != AddressCodec.HOST);
  }

  private List<OwnAddress> addresses(IntPredicate scopes) throws ToolException {
    return AddressCodec.own(
        routes.dump(AddressCodec.LINKS), routes.dump(AddressCodec.ADDRESSES), scopes);
  }

  /// Whether this host forwards for others, in either family.
  public boolean forwards() {
    for (KernelFile file : forwarding) {
      try {
        if (!file.read().strip().equals("0")) return true;
      } catch (ToolException e) {
        // a kernel without that family
      }
    }
    return false;
  }

  /// The own address that packets to `peer` have as their source; empty without a route.
  public Optional<IpAddress> towards(IpAddress peer) {
    try {
      return AddressCodec.source(routes.ask(AddressCodec.route(peer)));
    } catch (ToolException e) {
      return Optional.empty(); // unreachable
    }
  }
}
