package dev.reeve.engine.ike;

import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Algorithms in charon's words. What is weak stays out unless `legacy` is on.
public final class Proposals {

  private Proposals() {}

  static List<String> of(MainMode mainMode, boolean legacy) {
    return usable(mainMode, legacy).map(Proposals::text).distinct().toList();
  }

  private static Stream<MainModeProposal> usable(MainMode mainMode, boolean legacy) {
    return mainMode.proposals().stream().filter(proposal -> legacy || !proposal.isWeak());
  }

  private static String text(MainModeProposal proposal) {
    String hash =
        proposal.integrity() == Integrity.NONE ? "sha256" : proposal.integrity().toString();
    return proposal.encryption()
        + (proposal.encryption().isAead() ? "-prf" : "-")
        + hash
        + "-"
        + proposal.group();
  }

  /// Offers that one kind of association can carry: all ESP, all AH, or all AH around ESP, as the
  /// first usable one is.
  ///
  /// @param left what was left out and why, for people
  public record Offers(List<QuickModeOffer> offers, List<String> left) {

    public Offers {
      offers = List.copyOf(offers);
      left = List.copyOf(left);
    }
  }

  public static Offers usable(List<QuickModeOffer> offers, boolean legacy) {
    var left = new ArrayList<String>();
    var kept = new ArrayList<QuickModeOffer>();
    for (QuickModeOffer offer : offers) {
      if (!legacy && offer.isWeak()) {
        left.add("a weak offer, and legacy is off");
      } else if (!kept.isEmpty() && !sameProtocols(kept.getFirst(), offer)) {
        left.add("an offer of another protocol than the first one's");
      } else if (isAround(offer) && !everyPair(kept, offer, offers)) {
        left.add("an offer of AH around ESP that would let algorithms of different offers meet");
      } else {
        kept.add(offer);
      }
    }
    return new Offers(kept, left);
  }

  private static boolean isAround(QuickModeOffer offer) {
    return offer.esp().isPresent() && offer.ah().isPresent();
  }

  private static boolean sameProtocols(QuickModeOffer a, QuickModeOffer b) {
    return a.esp().isPresent() == b.esp().isPresent() && a.ah().isPresent() == b.ah().isPresent();
  }

  /// AH and the ESP within are agreed on apart, so any AH of those kept can meet any ESP.
  private static boolean everyPair(
      List<QuickModeOffer> kept, QuickModeOffer another, List<QuickModeOffer> offered) {
    List<QuickModeOffer> all = Stream.concat(kept.stream(), Stream.of(another)).toList();
    return all.stream()
        .allMatch(one ->
            one.pfs().equals(another.pfs())
                && all.stream()
                    .allMatch(other ->
                        offered.stream()
                            .anyMatch(offer ->
                                offer.esp().equals(one.esp())
                                    && offer.ah().equals(other.ah())
                                    && offer.pfs().equals(one.pfs()))));
  }

  static List<DhGroup> groups(MainMode mainMode, boolean legacy) {
    return usable(mainMode, legacy).map(MainModeProposal::group).distinct().toList();
  }

  /// @param offers from [#usable]
  /// @param groups of the main mode
  public static List<String> of(
      List<QuickModeOffer> offers, IkeChild.Kind kind, List<DhGroup> groups) {
    String all = groups.stream().map(group -> "-" + group).collect(Collectors.joining());
    return offers.stream().map(offer -> text(offer, kind, all)).distinct().toList();
  }

  private static String text(QuickModeOffer offer, IkeChild.Kind kind, String mainModeGroups) {
    return switch (kind) {
          case ESP -> text(offer.esp().orElseThrow());
          case AH, AH_AROUND_ESP -> offer.ah().orElseThrow().toString();
        }
        + switch (offer.pfs()) {
          case PerfectForwardSecrecy.None _ -> "";
          case PerfectForwardSecrecy.MainModeGroup _ -> mainModeGroups;
          case PerfectForwardSecrecy.Group(DhGroup group) -> "-" + group;
        };
  }

  private static String text(Esp esp) {
    boolean alone = esp.encryption().isAead() || esp.integrity() == Integrity.NONE;
    return alone ? cipher(esp.encryption()) : cipher(esp.encryption()) + "-" + esp.integrity();
  }

  private static String cipher(Encryption encryption) {
    return encryption.toString();
  }
}
