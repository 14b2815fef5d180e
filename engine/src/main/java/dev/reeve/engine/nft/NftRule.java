package dev.reeve.engine.nft;

import dev.reeve.model.net.IpFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One rule of a chain.
///
/// @param counter the named counter that a matching packet is added to
/// @param verdict what happens then
public record NftRule(List<NftMatch> matches, Optional<String> counter, Verdict verdict) {

  public NftRule {
    matches = List.copyOf(matches);
  }

  public sealed interface Verdict {
    /// Ends this base chain only: other tables still judge the packet.
    enum Accept implements Verdict {
      ACCEPT
    }

    enum Drop implements Verdict {
      DROP
    }

    record Goto(String chain) implements Verdict {}

    record Jump(String chain) implements Verdict {}

    /// What the map says of the packet's key; without an element of that key the next rule follows.
    record Lookup(List<NftKey> key, String map) implements Verdict {
      public Lookup {
        key = List.copyOf(key);
      }
    }

    /// Goes on to the next rule, and tells the kernel's log of ten packets a second at most.
    record Log(String prefix) implements Verdict {}

    /// Something read back that the gate never writes.
    record Foreign(String json) implements Verdict {}

    default String toText() {
      return switch (this) {
        case Accept _ -> "accept";
        case Drop _ -> "drop";
        case Goto(var chain) -> "goto " + chain;
        case Jump(var chain) -> "jump " + chain;
        case Lookup(var key, var map) ->
            key.stream().map(NftKey::toText).collect(Collectors.joining(" . ")) + " vmap @" + map;
        case Log(var prefix) ->
            "limit rate 10/second burst 20 packets log prefix \"" + prefix + "\"";
        case Foreign(var json) -> json;
      };
    }
  }

  static NftRule of(Verdict verdict, NftMatch... matches) {
    return new NftRule(List.of(matches), Optional.empty(), verdict);
  }

  static NftRule counted(String counter, Verdict verdict, NftMatch... matches) {
    return new NftRule(List.of(matches), Optional.of(counter), verdict);
  }

  /// Whether both do the same: nft may show the conditions in another order.
  boolean sameAs(NftRule other) {
    return counter.equals(other.counter)
        && verdict.equals(other.verdict)
        && shown().equals(other.shown());
  }

  /// The conditions as nft lists them: it leaves out a family that another condition implies.
  private Set<NftMatch> shown() {
    var shown = new HashSet<>(matches);
    if (verdict instanceof Verdict.Lookup(var key, _)) {
      for (NftKey part : key) {
        if (part instanceof NftKey.Address address) {
          shown.remove(new NftMatch.Family(address.family()));
        }
      }
    }
    for (NftMatch match : matches) {
      switch (match) {
        case NftMatch.Address address ->
            shown.remove(new NftMatch.Family(address.ranges().getFirst().family()));
        case NftMatch.Protocol(var number) when number == 1 ->
            shown.remove(new NftMatch.Family(IpFamily.IPV4));
        case NftMatch.Protocol(var number) when number == 58 ->
            shown.remove(new NftMatch.Family(IpFamily.IPV6));
        default -> {}
      }
    }
    return shown;
  }

  String toText() {
    var text = new StringBuilder();
    for (NftMatch match : matches) text.append(match.toText()).append(' ');
    counter.ifPresent(name -> text.append("counter name \"").append(name).append("\" "));
    return text.append(verdict.toText()).toString();
  }
}
