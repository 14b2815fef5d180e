package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads `nft -j -n list table inet reeve` back into values (libnftables-json(5)).
///
/// Only what the gate writes is understood; everything else becomes `Foreign`, which equals nothing
/// that is wanted, so that a stranger's change is seen and never half-read. Numbers and names are
/// both taken where versions of nft differ.
final class NftReader {

  private NftReader() {}

  static NftTable read(String json) {
    String content = "";
    boolean flagged = false;
    var hooks = new LinkedHashMap<String, Optional<NftChain.Hook>>();
    var rules = new LinkedHashMap<String, List<NftRule>>();
    var maps = new ArrayList<NftMap>();
    var counters = new TreeMap<String, NftTable.Count>();
    for (JsonValue item : items(member(JsonText.parse(json), "nftables"))) {
      JsonValue chain = member(item, "chain");
      JsonValue rule = member(item, "rule");
      JsonValue map = member(item, "map");
      JsonValue counter = member(item, "counter");
      if (chain instanceof JsonObject) {
        String name = text(member(chain, "name"));
        hooks.put(name, hook(chain));
        rules.putIfAbsent(name, new ArrayList<>());
      } else if (rule instanceof JsonObject) {
        rules.computeIfAbsent(text(member(rule, "chain")), _ -> new ArrayList<>()).add(rule(rule));
      } else if (map instanceof JsonObject) {
        maps.add(NftMapReader.map(map));
      } else if (counter instanceof JsonObject) {
        String name = text(member(counter, "name"));
        if (name.startsWith(NftTable.CONTENT)) content = name.substring(NftTable.CONTENT.length());
        else counters.put(name, count(counter));
      } else if (member(item, "table") instanceof JsonObject(var table)) {
        flagged |= table.containsKey("flags"); // which ones, nft 1.0.6 prints wrong
      } else if (!(member(item, "metainfo") instanceof JsonObject)) {
        hooks.put(item.toString(), Optional.empty()); // a set or flowtable: not ours
      }
    }
    var chains = new ArrayList<NftChain>();
    hooks.forEach(
        (name, hook) -> chains.add(new NftChain(name, hook, rules.getOrDefault(name, List.of()))));
    return new NftTable(content, maps, chains, counters, flagged);
  }

  /// Whether `nft -j list tables` names our table.
  static boolean hasTable(String json) {
    return items(member(JsonText.parse(json), "nftables")).stream()
        .map(item -> member(item, "table"))
        .anyMatch(table ->
            text(member(table, "family")).equals("inet")
                && text(member(table, "name")).equals(NftTable.NAME));
  }

  private static Optional<NftChain.Hook> hook(JsonValue chain) {
    if (!(member(chain, "hook") instanceof JsonString(var point))) return Optional.empty();
    boolean plain =
        text(member(chain, "type")).equals("filter")
            && text(member(chain, "policy")).equals("accept");
    return Optional.of(
        new NftChain.Hook(plain ? point : chain.toString(), (int) number(member(chain, "prio"))));
  }

  private static NftTable.Count count(JsonValue counter) {
    return new NftTable.Count(number(member(counter, "packets")), number(member(counter, "bytes")));
  }

  private static NftRule rule(JsonValue rule) {
    var matches = new ArrayList<NftMatch>();
    Optional<String> counter = Optional.empty();
    Optional<Verdict> verdict = Optional.empty();
    boolean limited = false;
    for (JsonValue statement : items(member(rule, "expr"))) {
      JsonValue match = member(statement, "match");
      if (match instanceof JsonObject) matches.addAll(match(match));
      else if (member(statement, "counter") instanceof JsonString(var name)) {
        counter = Optional.of(name);
      } else if (!limited && isLogLimit(member(statement, "limit"))) {
        limited = true;
      } else if (limited && verdict.isEmpty() && member(statement, "log") instanceof JsonObject l) {
        verdict = Optional.of(new Verdict.Log(text(member(l, "prefix"))));
      } else if (verdict.isEmpty() && !limited) {
        verdict = Optional.of(verdict(statement));
        matches.addAll(NftMapReader.folded(member(statement, "vmap")));
      } else {
        verdict = Optional.of(new Verdict.Foreign(rule.toString())); // ours end with the first
      }
    }
    return new NftRule(matches, counter, verdict.orElse(new Verdict.Foreign("none")));
  }

  /// nft leaves out what is its default: which unit, whether it is over.
  private static boolean isLogLimit(JsonValue limit) {
    return limit instanceof JsonObject
        && is(member(limit, "rate"), "10", 10)
        && is(member(limit, "burst"), "20", 20)
        && text(member(limit, "per")).equals("second")
        && !(member(limit, "inv") instanceof JsonValue.JsonBoolean inv
            && inv.equals(JsonValue.JsonBoolean.TRUE));
  }

  static Verdict verdict(JsonValue statement) {
    if (statement instanceof JsonObject(var members) && members.size() == 1) {
      if (members.containsKey("accept")) return Verdict.Accept.ACCEPT;
      if (members.containsKey("drop")) return Verdict.Drop.DROP;
      if (members.get("goto") instanceof JsonObject target) {
        return new Verdict.Goto(text(member(target, "target")));
      }
      if (members.get("jump") instanceof JsonObject target) {
        return new Verdict.Jump(text(member(target, "target")));
      }
      if (members.get("vmap") instanceof JsonObject lookup) return NftMapReader.lookup(lookup);
    }
    return new Verdict.Foreign(statement.toString());
  }

  private static List<NftMatch> match(JsonValue match) {
    try {
      String operator = text(member(match, "op"));
      JsonValue left = member(match, "left");
      JsonValue right = member(match, "right");
      boolean negated = operator.equals("!=");
      JsonValue payload = member(left, "payload");
      if (payload instanceof JsonObject) {
        var read = payload(payload, right, negated);
        if (!read.isEmpty()) return read;
      } else if (operator.equals("!")) {
        if (isStatus(left) && is(right, "snat", 16)) return List.of(NftMatch.OwnSource.OWN_SOURCE);
      } else if (!negated) {
        Optional<NftMatch> read = simple(left, right);
        if (read.isPresent()) return List.of(read.get());
      }
    } catch (IllegalArgumentException e) {
      // an address or number in a form we never write
    }
    return List.of(new NftMatch.Foreign(match.toString()));
  }

  private static List<NftMatch> payload(JsonValue payload, JsonValue right, boolean negated) {
    String protocol = text(member(payload, "protocol"));
    String field = text(member(payload, "field"));
    if (text(member(payload, "base")).equals("th")) {
      boolean marker =
          number(member(payload, "offset")) == 64
              && number(member(payload, "len")) == 32
              && number(right) == 0;
      return marker ? List.of(negated ? NftMatch.InUdp.PROTECTED : NftMatch.InUdp.IKE) : List.of();
    }
    switch (field) {
      case "saddr", "daddr" -> {
        End end = field.equals("saddr") ? End.SOURCE : End.DESTINATION;
        return List.of(new NftMatch.Address(end, negated, ranges(right)));
      }
      case "sport", "dport" -> {
        if (negated) return List.of();
        var matches = new ArrayList<NftMatch>(); // nft folds `meta l4proto 6 th` into `tcp`
        if (protocol.equals("tcp")) matches.add(new NftMatch.Protocol(6));
        if (protocol.equals("udp")) matches.add(new NftMatch.Protocol(17));
        End end = field.equals("sport") ? End.SOURCE : End.DESTINATION;
        matches.add(new NftMatch.Ports(end, ports(right)));
        return matches;
      }
      case "code" -> {
        return protocol.equals("icmp") && !negated
            ? List.of(new NftMatch.IcmpCode(is(right, "frag-needed", 4) ? 4 : (int) number(right)))
            : List.of();
      }
      case "type" -> {
        if (!negated && protocol.equals("icmp") && is(right, "destination-unreachable", 3)) {
          return List.of(new NftMatch.Protocol(1), new NftMatch.IcmpType(IpFamily.IPV4, 3));
        }
        if (!negated && protocol.equals("icmpv6") && is(right, "packet-too-big", 2)) {
          return List.of(new NftMatch.Protocol(58), new NftMatch.IcmpType(IpFamily.IPV6, 2));
        }
        boolean discovery =
            protocol.equals("icmpv6")
                && !negated
                && member(right, "range") instanceof JsonArray(var ends)
                && (ends.equals(List.of(JsonValue.of(133), JsonValue.of(137)))
                    || ends.equals(
                        List.of(JsonValue.of("nd-router-solicit"), JsonValue.of("nd-redirect"))));
        return discovery
            ? List.of(new NftMatch.Protocol(58), NftMatch.NeighbourDiscovery.NEIGHBOUR_DISCOVERY)
            : List.of();
      }
      default -> {
        return List.of();
      }
    }
  }

  private static Optional<NftMatch> simple(JsonValue left, JsonValue right) {
    if (member(left, "meta") instanceof JsonObject meta) {
      return Optional.ofNullable(
          switch (text(member(meta, "key"))) {
            case "l4proto" -> new NftMatch.Protocol((int) number(right));
            case "nfproto" ->
                is(right, "ipv4", 2)
                    ? new NftMatch.Family(IpFamily.IPV4)
                    : is(right, "ipv6", 10) ? new NftMatch.Family(IpFamily.IPV6) : null;
            case "oif" -> is(right, "0", 0) ? NftMatch.Way.INBOUND : null;
            case "iif" -> is(right, "0", 0) ? NftMatch.Way.OUTBOUND : null;
            case "iiftype" -> new NftMatch.Link(true, hardware(right));
            case "oiftype" -> new NftMatch.Link(false, hardware(right));
            case "iifname" -> is(right, "lo", -1) ? NftMatch.Loopback.INCOMING : null;
            case "oifname" -> is(right, "lo", -1) ? NftMatch.Loopback.OUTGOING : null;
            default -> null;
          });
    }
    if (member(left, "fib") instanceof JsonObject fib) return fib(fib, right);
    if (member(left, "ipsec") instanceof JsonObject ipsec) return ipsec(ipsec, right);
    if (member(left, "ct") instanceof JsonObject ct) {
      return Optional.ofNullable(
          switch (text(member(ct, "key"))) {
            case "direction" -> is(right, "reply", 1) ? NftMatch.Answer.ANSWER : null;
            case "status" -> is(right, "dnat", 32) ? NftMatch.Redirected.REDIRECTED : null;
            case "state" -> is(right, "related", 4) ? NftMatch.Related.RELATED : null;
            default -> null;
          });
    }
    return Optional.empty();
  }

  private static boolean isStatus(JsonValue left) {
    return member(left, "ct") instanceof JsonObject ct && text(member(ct, "key")).equals("status");
  }

  private static Optional<NftMatch> ipsec(JsonObject ipsec, JsonValue right) {
    String direction = text(member(ipsec, "dir"));
    int layer = (int) number(member(ipsec, "spnum"));
    boolean known = direction.equals("in") || direction.equals("out");
    return known && text(member(ipsec, "key")).equals("reqid")
        ? Optional.of(new NftMatch.Secured(direction.equals("in"), layer, number(right)))
        : Optional.empty();
  }

  private static Optional<NftMatch> fib(JsonObject fib, JsonValue right) {
    if (!text(member(fib, "result")).equals("type")) return Optional.empty();
    String flag =
        member(fib, "flags") instanceof JsonArray(var flags) && flags.size() == 1
            ? text(flags.getFirst())
            : text(member(fib, "flags"));
    if (is(right, "local", 2)) {
      if (flag.equals("saddr")) return Optional.of(new NftMatch.Local(End.SOURCE));
      if (flag.equals("daddr")) return Optional.of(new NftMatch.Local(End.DESTINATION));
    }
    boolean toMany =
        flag.equals("daddr")
            && member(right, "set") instanceof JsonArray(var types)
            && types.size() == 2
            && types.stream().anyMatch(t -> is(t, "broadcast", 3))
            && types.stream().anyMatch(t -> is(t, "multicast", 5));
    return toMany ? Optional.of(NftMatch.ToMany.TO_MANY) : Optional.empty();
  }

  private static int hardware(JsonValue value) {
    if (is(value, "ether", NftMatch.Link.ETHER)) return NftMatch.Link.ETHER;
    if (is(value, "ppp", NftMatch.Link.PPP)) return NftMatch.Link.PPP;
    return (int) number(value);
  }

  private static List<AddressRange> ranges(JsonValue right) {
    if (member(right, "set") instanceof JsonArray(var items)) {
      return items.stream()
          .map(NftReader::range)
          .sorted((a, b) -> a.first().compareTo(b.first()))
          .toList();
    }
    return List.of(range(right));
  }

  static AddressRange range(JsonValue value) {
    if (member(value, "prefix") instanceof JsonObject prefix) {
      return AddressRange.of(
          new IpPrefix(
              IpAddress.parse(text(member(prefix, "addr"))), (int) number(member(prefix, "len"))));
    }
    if (member(value, "range") instanceof JsonArray(var ends) && ends.size() == 2) {
      return new AddressRange(
          IpAddress.parse(text(ends.getFirst())), IpAddress.parse(text(ends.getLast())));
    }
    return AddressRange.of(IpPrefix.of(IpAddress.parse(text(value))));
  }

  private static PortRange ports(JsonValue value) {
    if (member(value, "range") instanceof JsonArray(var ends) && ends.size() == 2) {
      return new PortRange((int) number(ends.getFirst()), (int) number(ends.getLast()));
    }
    return PortRange.of((int) number(value));
  }

  private static boolean is(JsonValue value, String name, long number) {
    return value.equals(JsonValue.of(name)) || value.equals(JsonValue.of(number));
  }

  /// `null` in JSON when there is no such member.
  static JsonValue member(JsonValue value, String name) {
    return value instanceof JsonObject(Map<String, JsonValue> members)
        ? members.getOrDefault(name, JsonValue.JsonNull.NULL)
        : JsonValue.JsonNull.NULL;
  }

  static List<JsonValue> items(JsonValue value) {
    return value instanceof JsonArray(var items) ? items : List.of();
  }

  static String text(JsonValue value) {
    return value instanceof JsonString(var text) ? text : "";
  }

  static long number(JsonValue value) {
    if (value instanceof JsonNumber(var number)) return number;
    throw new IllegalArgumentException("found " + value.kind() + ", expected a number");
  }
}
