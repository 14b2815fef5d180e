package dev.reeve.engine.xfrm;

import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what `ip -o xfrm policy list` and `ip -o xfrm state list` print: one entry per line, its
/// own lines joined by `\`.
final class XfrmReader {

  /// Names that ip prints for protocols, from /etc/protocols.
  private final Map<String, Integer> protocols;

  XfrmReader(Map<String, Integer> protocols) {
    this.protocols = protocols;
  }

  /// Ours alone; what sockets asked for is none.
  List<XfrmPolicy> policies(String text) {
    var policies = new ArrayList<XfrmPolicy>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.contains("\\\tsocket ")) continue;
      policy(line).filter(XfrmPolicy::isOurs).ifPresent(policies::add);
    }
    return policies;
  }

  private Optional<XfrmPolicy> policy(String line) {
    String[] parts = line.split("\\\\");
    if (parts.length < 2) return Optional.empty();
    Map<String, String> head = pairs(parts[0]);
    Map<String, String> what = pairs(parts[1]);
    String priority = what.getOrDefault("priority", "0");
    try {
      return Optional.of(
          new XfrmPolicy(
              Direction.valueOf(what.getOrDefault("dir", "").toUpperCase(java.util.Locale.ROOT)),
              selector(head),
              Long.parseLong(priority),
              action(line, what.getOrDefault("action", "allow"), parts)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not one that we could have written
    }
  }

  private XfrmSelector selector(Map<String, String> head) {
    String protocol = head.getOrDefault("proto", "0");
    return new XfrmSelector(
        IpPrefix.parse(head.getOrDefault("src", "")),
        IpPrefix.parse(head.getOrDefault("dst", "")),
        protocols.containsKey(protocol) ? protocols.get(protocol) : Integer.parseInt(protocol),
        Optional.ofNullable(head.get("sport"))
            .or(() -> Optional.ofNullable(head.get("type")))
            .map(Integer::parseInt),
        Optional.ofNullable(head.get("dport")).map(Integer::parseInt));
  }

  private static Action action(String line, String action, String[] parts) {
    boolean plain = parts.length == 2;
    if (plain && action.equals("allow")) return Action.Allow.ALLOW;
    if (plain && action.equals("block")) return Action.Block.BLOCK;
    boolean oneTemplate =
        action.equals("allow")
            && parts.length >= 4
            && parts.length <= 5
            && parts[2].strip().startsWith("tmpl ");
    if (!oneTemplate) return new Action.Foreign(line);
    Map<String, String> ends = pairs(parts[2].strip().substring("tmpl ".length()));
    Map<String, String> how = pairs(parts[3]);
    Map<String, String> level = parts.length == 5 ? pairs(parts[4]) : Map.of();
    Mode mode =
        how.getOrDefault("mode", "").equals("tunnel")
            ? new Mode.Tunnel(
                IpAddress.parse(ends.getOrDefault("src", "")),
                IpAddress.parse(ends.getOrDefault("dst", "")))
            : Mode.Transport.TRANSPORT;
    return new Action.Protect(
        how.getOrDefault("proto", "").equals("ah") ? Protocol.AH : Protocol.ESP,
        Long.parseLong(how.getOrDefault("reqid", "0").replaceFirst("\\(.*", "")),
        mode,
        !level.getOrDefault("level", "required").equals("use"));
  }

  /// Those whose request id is ours; `ip` prints address pair, then protocol, SPI and request id.
  List<XfrmState> states(String text) {
    var states = new ArrayList<XfrmState>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split("\\\\");
      if (parts.length < 2) continue;
      Map<String, String> ends = pairs(parts[0]);
      Map<String, String> what = pairs(parts[1]);
      try {
        var state =
            new XfrmState(
                IpAddress.parse(ends.getOrDefault("src", "")),
                IpAddress.parse(ends.getOrDefault("dst", "")),
                what.getOrDefault("proto", "").equals("ah") ? Protocol.AH : Protocol.ESP,
                Long.decode(what.getOrDefault("spi", "0").replaceFirst("\\(.*", "")),
                Long.parseLong(what.getOrDefault("reqid", "0").replaceFirst("\\(.*", "")),
                what.getOrDefault("mode", "").equals("tunnel"));
        if (state.isOurs()) states.add(state);
      } catch (IllegalArgumentException e) {
        // of another protocol: not ours
      }
    }
    return states;
  }

  private static Map<String, String> pairs(String text) {
    var pairs = new HashMap<String, String>();
    Iterator<String> words = List.of(text.strip().split("\\s+")).iterator();
    while (words.hasNext()) {
      String key = words.next();
      if (words.hasNext()) pairs.putIfAbsent(key, words.next());
    }
    return pairs;
  }
}
