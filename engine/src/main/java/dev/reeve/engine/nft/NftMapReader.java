package dev.reeve.engine.nft;

import static dev.reeve.engine.nft.NftReader.items;
import static dev.reeve.engine.nft.NftReader.member;
import static dev.reeve.engine.nft.NftReader.text;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The maps of a table as nft lists them, and the rules that look something up in them.
final class NftMapReader {

  private NftMapReader() {}

  static NftMap map(JsonValue map) {
    List<String> types =
        member(map, "type") instanceof JsonArray(var parts)
            ? parts.stream().map(NftReader::text).toList()
            : List.of(text(member(map, "type")));
    List<String> flags = items(member(map, "flags")).stream().map(NftReader::text).toList();
    boolean plain =
        text(member(map, "map")).equals("verdict")
            && (flags.isEmpty() || flags.equals(List.of("interval")));
    var elements = new HashMap<String, Verdict>();
    for (JsonValue element : items(member(map, "elem"))) {
      if (element instanceof JsonArray(var pair) && pair.size() == 2) {
        elements.put(key(pair.getFirst()), NftReader.verdict(pair.getLast()));
      } else {
        elements.put(element.toString(), new Verdict.Foreign(element.toString()));
      }
    }
    return new NftMap(
        text(member(map, "name")),
        plain ? types : List.of(map.toString()),
        !flags.isEmpty(),
        elements);
  }

  /// As [MapKeys] writes it; a part of another form stays as it is and equals nothing of ours.
  private static String key(JsonValue key) {
    return member(key, "concat") instanceof JsonArray(var parts)
        ? parts.stream().map(NftMapReader::part).collect(Collectors.joining(" . "))
        : part(key);
  }

  private static String part(JsonValue part) {
    if (part instanceof JsonString(var text)) return address(text);
    if (part instanceof JsonNumber(var number)) return Long.toString(number);
    if (member(part, "range") instanceof JsonArray(var ends) && ends.size() == 2) {
      return part(ends.getFirst()) + "-" + part(ends.getLast());
    }
    if (member(part, "prefix") instanceof JsonObject prefix) return range(prefix, part);
    return part.toString();
  }

  private static String address(String text) {
    try {
      return IpAddress.parse(text).toString();
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static String range(JsonObject prefix, JsonValue part) {
    try {
      return AddressRange.of(
              new IpPrefix(
                  IpAddress.parse(text(member(prefix, "addr"))),
                  (int) NftReader.number(member(prefix, "len"))))
          .toString();
    } catch (IllegalArgumentException e) {
      return part.toString();
    }
  }

  static Verdict lookup(JsonObject lookup) {
    String map = text(member(lookup, "data"));
    List<JsonValue> parts = parts(lookup);
    var read = new ArrayList<NftKey>();
    for (JsonValue part : parts) keyPart(part).ifPresent(read::add);
    return map.startsWith("@") && read.size() == parts.size()
        ? new Verdict.Lookup(read, map.substring(1))
        : new Verdict.Foreign(lookup.toString());
  }

  /// What nft leaves out before a look-up because its key says it: `tcp dport` for `meta l4proto 6`
  /// and `th dport`.
  static List<NftMatch> folded(JsonValue lookup) {
    return parts(lookup).stream()
        .map(part -> text(member(member(part, "payload"), "protocol")))
        .<NftMatch>mapMulti((protocol, matches) -> {
          if (protocol.equals("tcp")) matches.accept(new NftMatch.Protocol(6));
          if (protocol.equals("udp")) matches.accept(new NftMatch.Protocol(17));
        })
        .distinct()
        .toList();
  }

  private static List<JsonValue> parts(JsonValue lookup) {
    JsonValue key = member(lookup, "key");
    return member(key, "concat") instanceof JsonArray(var several) ? several : List.of(key);
  }

  private static Optional<NftKey> keyPart(JsonValue part) {
    if (member(part, "&") instanceof JsonArray(var masked) && masked.size() == 2) {
      return field(masked.getFirst())
          .flatMap(key ->
              key instanceof NftKey.Address(var end, var family, _)
                  ? bits(family, text(masked.getLast()))
                      .map(bits -> new NftKey.Address(end, family, bits))
                  : Optional.empty());
    }
    return field(part);
  }

  private static Optional<NftKey> field(JsonValue part) {
    if (text(member(member(part, "meta"), "key")).equals("l4proto")) {
      return Optional.of(NftKey.Protocol.PROTOCOL);
    }
    JsonValue payload = member(part, "payload");
    String field = text(member(payload, "field"));
    End end = field.startsWith("s") ? End.SOURCE : End.DESTINATION;
    return switch (text(member(payload, "protocol")) + " " + field) {
      case "ip saddr", "ip daddr" -> whole(end, IpFamily.IPV4);
      case "ip6 saddr", "ip6 daddr" -> whole(end, IpFamily.IPV6);
      case "th sport", "th dport", "tcp sport", "tcp dport", "udp sport", "udp dport" ->
          Optional.of(new NftKey.Port(end));
      default -> Optional.empty();
    };
  }

  private static Optional<NftKey> whole(End end, IpFamily family) {
    return Optional.of(new NftKey.Address(end, family, family.bits()));
  }

  private static Optional<Integer> bits(IpFamily family, String mask) {
    for (int bits = 1; bits < family.bits(); bits++) {
      if (NftKey.mask(family, bits).toString().equals(mask)) return Optional.of(bits);
    }
    return Optional.empty();
  }
}
