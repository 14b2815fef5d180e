package dev.reeve.engine.xfrm;

import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Reads what `ip -o xfrm state list` prints: one entry per line, its own lines joined by `\`.
final class XfrmReader {

  private XfrmReader() {}

  /// Those whose request id is ours; `ip` prints address pair, then protocol, SPI and request id.
  static List<XfrmState> states(String text) {
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
