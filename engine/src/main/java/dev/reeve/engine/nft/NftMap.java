package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftRule.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A verdict map: one look-up for all filters of one shape.
///
/// @param types the data types of its key's parts
/// @param interval whether a part may be a range
/// @param elements the verdict of each key, the key as nft writes it: `10.0.0.0 . 6 . 80-89`
public record NftMap(
    String name, List<String> types, boolean interval, Map<String, Verdict> elements) {

  public NftMap {
    types = List.copyOf(types);
    elements = Map.copyOf(elements);
  }

  static NftMap of(String name, List<NftKey> key, boolean interval, Map<String, Verdict> elements) {
    return new NftMap(name, key.stream().map(NftKey::type).toList(), interval, elements);
  }

  /// Where `held` differs from this map, in words.
  Optional<String> differenceIn(NftMap held) {
    if (!types.equals(held.types) || interval != held.interval) {
      return Optional.of(
          "is of %s%s, expected %s%s"
              .formatted(
                  held.types,
                  held.interval ? " with ranges" : "",
                  types,
                  interval ? " with ranges" : ""));
    }
    if (elements.equals(held.elements)) return Optional.empty();
    for (var wanted : new TreeMap<>(elements).entrySet()) {
      Optional<Verdict> other = Optional.ofNullable(held.elements.get(wanted.getKey()));
      if (other.isEmpty() || !other.get().equals(wanted.getValue())) {
        return Optional.of(
            "has for '%s' %s, expected '%s'"
                .formatted(
                    wanted.getKey(),
                    other.map(verdict -> "'" + verdict.toText() + "'").orElse("nothing"),
                    wanted.getValue().toText()));
      }
    }
    return Optional.of(
        "has %d elements, expected %d".formatted(held.elements.size(), elements.size()));
  }

  /// Elements in the order of their text: one table has one text.
  void write(StringBuilder text) {
    text.append("  map ").append(name).append(" {\n    type ");
    text.append(String.join(" . ", types)).append(" : verdict\n");
    if (interval) text.append("    flags interval\n");
    text.append("    elements = {\n");
    new TreeMap<>(elements)
        .forEach((key, verdict) ->
            text.append("      ").append(key).append(" : ").append(verdict.toText()).append(",\n"));
    text.append("    }\n  }\n");
  }
}
