package dev.reeve.engine.nft;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The whole table `inet reeve`, as wanted or as read back.
///
/// @param content names what the table should hold: a digest that travels as the name of an empty
///   counter; empty when a table read back has none
/// @param maps what rules of the chains look up
/// @param counters named counters, by name; what they count is no part of what is wanted
/// @param flagged whether it has flags: ours has none, and `dormant` switches it off
public record NftTable(
    String content,
    List<NftMap> maps,
    List<NftChain> chains,
    SortedMap<String, Count> counters,
    boolean flagged) {

  public static final String NAME = "reeve";

  static final String CONTENT = "content_";

  public NftTable {
    maps = List.copyOf(maps);
    chains = List.copyOf(chains);
    counters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(counters));
  }

  public record Count(long packets, long bytes) {
    static final Count ZERO = new Count(0, 0);
  }

  /// A wanted table; its content digest is computed here.
  static NftTable of(List<NftMap> maps, List<NftChain> chains, List<String> counters) {
    var zero = new TreeMap<String, Count>();
    counters.forEach(name -> zero.put(name, Count.ZERO));
    return new NftTable(digest(body(maps, chains, zero)), maps, chains, zero, false);
  }

  /// Takes the table away, whether it is there or not.
  public static final String REMOVAL = "table inet reeve\ndelete table inet reeve\n";

  /// What nft loads in one transaction: whoever looks sees the old table or this one.
  public String toText() {
    return REMOVAL
        + "table inet reeve {\n"
        + "  counter "
        + CONTENT
        + content
        + " { }\n"
        + body(maps, chains, counters)
        + "}\n";
  }

  private static String body(
      List<NftMap> maps, List<NftChain> chains, SortedMap<String, Count> counters) {
    var text = new StringBuilder();
    counters.keySet().forEach(name -> text.append("  counter ").append(name).append(" { }\n"));
    maps.forEach(map -> map.write(text));
    chains.forEach(chain -> text.append(chain.toText()));
    return text.toString();
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How `held` differs from this wanted table, in words; empty when it does not.
  public List<String> differencesIn(NftTable held) {
    var differences = new ArrayList<String>();
    if (!content.equals(held.content)) {
      differences.add(
          "the table carries content "
              + (held.content.isEmpty() ? "none" : held.content)
              + ", expected "
              + content);
    }
    if (held.flagged) differences.add("the table has flags: dormant ones judge no packet");
    compareMaps(held, differences);
    Map<String, NftChain> theirs = byName(held.chains);
    for (NftChain chain : chains) {
      NftChain other = theirs.remove(chain.name());
      if (other == null) differences.add("chain " + chain.name() + " is missing");
      else {
        chain
            .differenceIn(other)
            .ifPresent(difference -> differences.add("chain " + chain.name() + " " + difference));
      }
    }
    theirs.keySet().stream()
        .sorted()
        .forEach(name -> differences.add("chain " + name + " is not ours"));
    if (!Objects.equals(counters.keySet(), held.counters.keySet())) {
      differences.add("the table has counters " + held.counters.keySet());
    }
    return differences;
  }

  private void compareMaps(NftTable held, List<String> differences) {
    var theirs = held.maps.stream().collect(Collectors.toMap(NftMap::name, Function.identity()));
    for (NftMap map : maps) {
      NftMap other = theirs.remove(map.name());
      if (other == null) differences.add("map " + map.name() + " is missing");
      else {
        map.differenceIn(other)
            .ifPresent(difference -> differences.add("map " + map.name() + " " + difference));
      }
    }
    theirs.keySet().stream()
        .sorted()
        .forEach(name -> differences.add("map " + name + " is not ours"));
  }

  private static Map<String, NftChain> byName(List<NftChain> chains) {
    return chains.stream().collect(Collectors.toMap(NftChain::name, Function.identity()));
  }
}
