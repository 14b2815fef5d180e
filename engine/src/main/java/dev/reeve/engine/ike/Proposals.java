package dev.reeve.engine.ike;

import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Algorithms in charon's words. What is weak stays out unless `legacy` is on.
public final class Proposals {

  private Proposals() {}

  /// Empty when every proposal is weak.
  public static List<String> of(MainMode mainMode, boolean legacy) {
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

  /// Offers that one kind of association can carry: all ESP, or all AH, as the first usable one is.
  ///
  /// @param left what was left out and why, for people
  public record Offers(List<QuickModeOffer> offers, List<String> left) {

    public Offers {
      offers = List.copyOf(offers);
      left = List.copyOf(left);
    }

    public boolean ah() {
      return offers.getFirst().esp().isEmpty();
    }
  }

  public static Offers usable(List<QuickModeOffer> offers, boolean legacy) {
    var left = new java.util.ArrayList<String>();
    var kept = new java.util.ArrayList<QuickModeOffer>();
    for (QuickModeOffer offer : offers) {
      if (!legacy && offer.isWeak()) {
        left.add("a weak offer, and legacy is off");
      } else if (offer.esp().isPresent() && offer.ah().isPresent()) {
        left.add("an offer of AH around ESP, which IKEv2 cannot negotiate as one");
      } else if (!kept.isEmpty() && kept.getFirst().esp().isPresent() != offer.esp().isPresent()) {
        left.add("an offer of another protocol than the first one's");
      } else {
        kept.add(offer);
      }
    }
    return new Offers(kept, left);
  }

  /// @param offers from [#usable]
  public static List<String> of(List<QuickModeOffer> offers, MainMode mainMode, boolean legacy) {
    String groups =
        usable(mainMode, legacy)
            .map(proposal -> "-" + proposal.group())
            .distinct()
            .collect(Collectors.joining());
    return offers.stream().map(offer -> text(offer, groups)).distinct().toList();
  }

  private static String text(QuickModeOffer offer, String mainModeGroups) {
    return offer
            .esp()
            .map(Proposals::text)
            .or(() -> offer.ah().map(Integrity::toString))
            .orElseThrow()
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
